//! The answer for one resource.

use super::super::xml::Writer;
use super::live::Value;
use super::plan::{Item, Plan};
use super::resource::{Resource, Scene};

impl Plan {
    /// Writes the `D:response` of one resource: what exists first, then what does not.
    pub(crate) fn write(&self, writer: &mut Writer, scene: &Scene<'_>, resource: &Resource<'_>) {
        self.response(writer, scene, resource, &self.items);
    }

    fn response(
        &self,
        writer: &mut Writer,
        scene: &Scene<'_>,
        resource: &Resource<'_>,
        items: &[Item],
    ) {
        writer.open("D:response");
        writer.text("D:href", &resource.href);
        let told = |item: &'_ Item| item.live.and_then(|live| (live.answer)(scene, resource));
        let values: Vec<Option<Value<'_>>> = items.iter().map(told).collect();
        let found = || items.iter().zip(&values);
        let absent = || found().filter(|(item, value)| item.named && value.is_none());
        let exists = values.iter().any(Option::is_some);
        let missing = !self.minimal && absent().next().is_some();
        if exists || !missing {
            writer.open("D:propstat");
            writer.open("D:prop");
            for (item, value) in found() {
                match value {
                    Some(_) if self.names_only => writer.empty(&item.tag),
                    Some(value) => self.value(writer, scene, item, value),
                    None => {}
                }
            }
            close_propstat(writer, "HTTP/1.1 200 OK");
        }
        if missing {
            writer.open("D:propstat");
            writer.open("D:prop");
            absent().for_each(|(item, _)| writer.empty(&item.tag));
            close_propstat(writer, "HTTP/1.1 404 Not Found");
        }
        writer.close("D:response");
    }

    fn value(&self, writer: &mut Writer, scene: &Scene<'_>, item: &Item, value: &Value<'_>) {
        let tag = &item.tag;
        match value {
            Value::Empty => return writer.empty(tag),
            Value::Text(text) => return writer.text(tag, text),
            _ => writer.open(tag),
        }
        match value {
            Value::Empty | Value::Text(_) => {}
            Value::Href(href) => match scene.at(href) {
                Some(inner) if !item.inner.is_empty() => {
                    self.response(writer, scene, &inner, &item.inner);
                }
                _ => writer.text("D:href", href),
            },
            Value::Markup(markup) => writer.raw(markup),
            Value::Reports(reports) => {
                let tags = reports.iter().map(|report| report.tag());
                tags.for_each(|tag| write_report(writer, tag));
            }
        }
        writer.close(tag);
    }
}

fn write_report(writer: &mut Writer, tag: &str) {
    writer.open("D:supported-report");
    writer.open("D:report");
    writer.empty(tag);
    writer.close("D:report");
    writer.close("D:supported-report");
}

fn close_propstat(writer: &mut Writer, status: &str) {
    writer.close("D:prop");
    writer.text("D:status", status);
    writer.close("D:propstat");
}
