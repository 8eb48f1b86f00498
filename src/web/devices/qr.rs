//! QR codes as images inside a page.

use data_encoding::BASE64;
use qrcode::render::svg;
use qrcode::types::QrError;
use qrcode::{EcLevel, QrCode};

/// Side of a module in the image's own units.
const MODULE: u32 = 4;

/// The code of a text as the address of an image (RFC 2397). Fails where the text is too long.
pub(super) fn image(text: &str) -> Result<String, QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let image = code
        .render::<svg::Color<'_>>()
        .module_dimensions(MODULE, MODULE)
        .build();
    let encoded = BASE64.encode(image.as_bytes());
    Ok(format!("data:image/svg+xml;base64,{encoded}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_without_anything_that_runs() {
        let address = image("https://dav.example.org/dav/").unwrap();
        let encoded = address.strip_prefix("data:image/svg+xml;base64,").unwrap();
        let svg = String::from_utf8(BASE64.decode(encoded.as_bytes()).unwrap()).unwrap();
        assert!(svg.contains("<svg") && !svg.contains("<script"));
        assert!(image(&"x".repeat(5000)).is_err());
    }
}
