//! The content of attachments: one sample for each type, shared by all files of that type.

use app::App;
use base::Result;
use bytes::Bytes;

/// A stored sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sample {
    pub(super) content_type: &'static str,
    pub(super) key: String,
    pub(super) size: i64,
}

/// Puts the samples into the file store.
pub(super) async fn store_samples(app: &App) -> Result<Vec<Sample>> {
    let samples: [(&'static str, &str, Vec<u8>); 3] = [
        ("image/jpeg", "demo/photo.jpg", include_bytes!("../../content/photo.jpg").to_vec()),
        ("application/pdf", "demo/document.pdf", pdf()),
        ("text/plain", "demo/exchange_log.txt", LOG.as_bytes().to_vec()),
    ];
    let mut stored = Vec::new();
    for (content_type, key, bytes) in samples {
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        app.files.put(key, Bytes::from(bytes)).await?;
        stored.push(Sample { content_type, key: key.to_owned(), size });
    }
    Ok(stored)
}

/// A page that says what it is (ISO 32000-1, 7.5: header, body, cross-reference table, trailer).
pub(super) fn pdf() -> Vec<u8> {
    let text = "BT /F1 24 Tf 72 720 Td (Otklik: a document of the demonstration company) Tj ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(pdf.len());
        pdf += &format!("{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let start = pdf.len();
    pdf += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        pdf += &format!("{offset:010} 00000 n \n");
    }
    pdf += &format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    pdf.into_bytes()
}

const LOG: &str = "\
10:14:02 INFO  exchange started, module 3.0.41
10:14:02 INFO  node: main store
10:14:03 INFO  orders to load: 17
10:14:05 WARN  order 20417: counterparty not found
10:14:09 ERROR HTTP 401 Unauthorized
10:14:09 INFO  exchange stopped, loaded 6 of 17
";
