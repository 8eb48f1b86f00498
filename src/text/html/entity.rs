//! Character references.

/// Longest reference that is looked for, without `&` and `;`.
const LONGEST: usize = 10;

/// Names of the characters from U+00A0 on, in order (HTML 4.01 §24.2.1).
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg \
    plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 \
    iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml \
    Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash \
    Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring \
    aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve \
    oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

/// Names of further characters.
const OTHERS: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("bull", '•'),
    ("hellip", '…'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("lsaquo", '‹'),
    ("rsaquo", '›'),
    ("euro", '€'),
    ("trade", '™'),
    ("OElig", 'Œ'),
    ("oelig", 'œ'),
    ("Scaron", 'Š'),
    ("scaron", 'š'),
    ("ensp", ' '),
    ("emsp", ' '),
    ("thinsp", ' '),
    ("larr", '←'),
    ("rarr", '→'),
];

/// The character of the reference at the begin of a text, and the rest; text that begins with `&`
/// but with no reference: the sign itself.
pub(super) fn reference(text: &str) -> (char, &str) {
    let after = &text[1..];
    let end = after.bytes().take(LONGEST + 1).position(|b| b == b';');
    let named = end.and_then(|end| Some((named(after.get(..end)?)?, &after[end + 1..])));
    named.unwrap_or(('&', after))
}

fn named(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let number = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return char::from_u32(number.ok()?);
    }
    let other = OTHERS.iter().find(|(other, _)| *other == name);
    if let Some((_, c)) = other {
        return Some(*c);
    }
    let place = LATIN.split_whitespace().position(|other| other == name)?;
    char::from_u32(0xa0 + u32::try_from(place).ok()?)
}
