//! Rust text without comments and literals, and its words.

/// The text with comments, strings and characters blanked out; lines stay where they are.
pub(super) fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let Some(end) = literal(&chars, at) else {
            out.push(chars[at]);
            at += 1;
            continue;
        };
        let cut = &chars[at..end];
        out.extend(cut.iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
        at = end;
    }
    out
}

/// The end of the comment or literal that begins at `at`, if one does.
fn literal(chars: &[char], at: usize) -> Option<usize> {
    let starts = |text: &str| {
        text.chars()
            .enumerate()
            .all(|(i, c)| chars.get(at + i) == Some(&c))
    };
    let in_word = at > 0 && is_word(chars[at - 1]);
    if starts("//") {
        let line = chars[at..].iter().position(|&c| c == '\n');
        return Some(line.map_or(chars.len(), |line| at + line));
    }
    if starts("/*") {
        return Some(block_comment(chars, at));
    }
    if chars[at] == '"' {
        return Some(quoted(chars, at + 1, '"'));
    }
    if !in_word && (starts("r\"") || starts("r#") || starts("br\"") || starts("br#")) {
        return raw(chars, at);
    }
    if chars[at] == '\'' {
        // `'a'` is a character, `'a` a lifetime
        let is_char = chars.get(at + 1) == Some(&'\\') || chars.get(at + 2) == Some(&'\'');
        return is_char.then(|| quoted(chars, at + 1, '\''));
    }
    None
}

fn block_comment(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                at += 2;
            }
            ('*', Some('/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    break;
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn quoted(chars: &[char], mut at: usize, end: char) -> usize {
    while at < chars.len() && chars[at] != end {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

fn raw(chars: &[char], at: usize) -> Option<usize> {
    let open = at + chars[at..].iter().position(|&c| c == 'r')? + 1;
    let hashes = chars[open..].iter().take_while(|&&c| c == '#').count();
    // `r#type` is a name
    if chars.get(open + hashes) != Some(&'"') {
        return None;
    }
    let mut at = open + hashes + 1;
    while at < chars.len() {
        let closes = chars[at] == '"'
            && chars[at + 1..]
                .iter()
                .take(hashes)
                .filter(|&&c| c == '#')
                .count()
                == hashes;
        at += 1;
        if closes {
            return Some(at + hashes);
        }
    }
    Some(at)
}

pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A word or a sign, with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) line: usize,
}

/// Words, `::`, and single signs of blanked text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let chars: Vec<char> = line.chars().collect();
        let mut at = 0;
        while at < chars.len() {
            let length = if is_word(chars[at]) {
                chars[at..].iter().take_while(|&&c| is_word(c)).count()
            } else if chars[at..].starts_with(&[':', ':']) {
                2
            } else {
                1
            };
            let token: String = chars[at..at + length].iter().collect();
            if !token.trim().is_empty() {
                tokens.push(Token {
                    text: token,
                    line: number + 1,
                });
            }
            at += length;
        }
    }
    tokens
}
