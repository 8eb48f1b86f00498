//! Paths with `{…}` in them.

/// Values of the `{…}` in a path, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params<'a>(Vec<&'a str>);

impl<'a> Params<'a> {
    /// The `index`-th value.
    pub(crate) fn text(&self, index: usize) -> &'a str {
        self.0.get(index).copied().unwrap_or_default()
    }

    /// The `index`-th value as a number; 0 when there is none, which no object has.
    pub(crate) fn id(&self, index: usize) -> u64 {
        self.text(index).parse().unwrap_or(0)
    }
}

/// The values of `{…}`, if the path fits the template. A last `{rest…}` takes everything; what is
/// not named in `texts` is a number.
pub(crate) fn matched<'p>(template: &str, path: &'p str, texts: &[&str]) -> Option<Params<'p>> {
    let mut values = Vec::new();
    let mut words = path.split('/');
    let mut left = path;
    for want in template.split('/') {
        if want.starts_with("{rest") {
            values.push(left);
            return Some(Params(values));
        }
        let word = words.next()?;
        left = left.get(word.len() + 1..).unwrap_or_default();
        if !want.starts_with('{') {
            if word != want {
                return None;
            }
            continue;
        }
        let numeric = !texts.contains(&want);
        if word.is_empty() || (numeric && !word.bytes().all(|byte| byte.is_ascii_digit())) {
            return None;
        }
        values.push(word);
    }
    words.next().is_none().then_some(Params(values))
}
