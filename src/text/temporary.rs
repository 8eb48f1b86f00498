use super::render::*;
use crate::domain::*;
impl Render for Event {
    const RENDERER: u32 = 1;
    fn render(object: &Object<'_, Self>) -> Result<Rendered> {
        let mut parts: Vec<_> = object.parts.iter().collect();
        parts.sort_by_key(|p| format!("{:?}", p.0));
        let first = parts
            .iter()
            .filter_map(|p| p.1.span())
            .map(|s| s.from)
            .min();
        let last = parts.iter().filter_map(|p| p.1.span()).map(|s| s.to).max();
        Ok(Rendered {
            text: format!("{} {parts:?} {}", object.uid, object.stamp),
            first,
            last,
            recurring: parts.len() > 1,
        })
    }
    fn read(text: &str) -> Result<Foreign<Self>> {
        Ok(Foreign {
            uid: Some("x".into()),
            parts: vec![(
                Part::Master,
                Event {
                    summary: Some(text.into()),
                    ..Event::default()
                },
            )],
        })
    }
}
impl Render for Contact {
    const RENDERER: u32 = 1;
    fn render(object: &Object<'_, Self>) -> Result<Rendered> {
        Ok(Rendered {
            text: format!("{} {:?} {}", object.uid, object.parts, object.stamp),
            first: None,
            last: None,
            recurring: false,
        })
    }
    fn read(_: &str) -> Result<Foreign<Self>> {
        Err(Error::cloud(Kind::Invalid, "no"))
    }
}
