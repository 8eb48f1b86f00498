//! Trouble while reading content: exactly the right bytes, or an error.

use bytes::Bytes;
use cloud::{Download, Fault, Kind as Bug, Switches};
use davbridge::domain::{ByteRange, EntryId, Kind, Result};

use crate::support::infomaniak::{PRIVATE, Sim, bytes, call, drive, id};

const DOWNLOAD: &str = "GET /2/drive/{drive}/files/{file}/download";
const CDN: &str = "GET cdn:/2/download/{ticket}";
const SIZE: usize = 100_000;

async fn sim() -> (Sim, EntryId, Bytes) {
    let sim = Sim::new().await;
    let text: Bytes = (0..SIZE)
        .map(|at| u8::try_from(at % 253).unwrap())
        .collect();
    let file = sim.put(&id(PRIVATE), "data.bin", text.clone()).await;
    (sim, file, text)
}

async fn read(sim: &Sim, file: &EntryId, range: Option<ByteRange>) -> Result<Vec<u8>> {
    bytes(sim.files.read(&call(), &drive(), file, range).await?).await
}

fn header(name: &str, value: &str) -> Bug {
    Bug::Header {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

#[tokio::test]
async fn a_body_that_ends_early_or_stalls_is_an_error() {
    let (sim, file, _) = sim().await;
    for bug in [
        Bug::Cut { after: 5000 },
        Bug::Stall { after: 5000 },
        Bug::Stall { after: 0 },
    ] {
        for range in [None, ByteRange::new(10, 90_000)] {
            sim.cloud.faults([Fault::on(CDN, bug.clone())]);
            let error = read(&sim, &file, range).await.unwrap_err();
            assert_eq!(error.kind(), Kind::Down, "{bug:?} {range:?}");
            assert!(!error.chain().contains("127.0.0.1"), "{}", error.chain());
        }
    }
}

#[tokio::test]
async fn a_shorter_file_is_told_by_its_total() {
    let (sim, file, _) = sim().await;
    let short = || Fault::on(CDN, Bug::Short { keep: 5000 });
    sim.cloud.faults([short()]);
    let content = sim
        .files
        .read(&call(), &drive(), &file, None)
        .await
        .unwrap();
    assert_eq!(
        content.total,
        Some(5000),
        "the caller compares it with the size it knows"
    );
    sim.cloud.faults([short()]);
    let part = read(&sim, &file, ByteRange::new(10, 90_000)).await;
    assert_eq!(part.unwrap_err().kind(), Kind::Broken);
}

#[tokio::test]
async fn ignored_ranges_are_cut_here() {
    let (sim, file, text) = sim().await;
    sim.cloud.faults([Fault::on(CDN, Bug::IgnoreRange)]);
    let part = read(&sim, &file, ByteRange::new(10, 90_000)).await.unwrap();
    assert_eq!(part, text.slice(10..=90_000));
}

#[tokio::test]
async fn another_part_than_asked_is_broken() {
    let (sim, file, _) = sim().await;
    for range in ["bytes 0-89990/100000", "bytes 10-90001/100000", "nonsense"] {
        sim.cloud
            .faults([Fault::on(CDN, header("content-range", range))]);
        let part = read(&sim, &file, ByteRange::new(10, 90_000)).await;
        assert_eq!(part.unwrap_err().kind(), Kind::Broken, "{range}");
    }
    sim.cloud
        .faults([Fault::on(CDN, header("content-encoding", "gzip"))]);
    assert_eq!(
        read(&sim, &file, None).await.unwrap_err().kind(),
        Kind::Broken
    );
}

#[tokio::test]
async fn a_refused_signed_address_is_fetched_anew() {
    let (sim, file, text) = sim().await;
    for status in [403, 404, 410, 500] {
        sim.cloud.faults([Fault::on(CDN, Bug::Html { status })]);
        assert_eq!(read(&sim, &file, None).await.unwrap(), text, "{status}");
        sim.cloud
            .faults([Fault::on(CDN, Bug::Html { status }).times(3)]);
        assert_eq!(
            read(&sim, &file, None).await.unwrap_err().kind(),
            Kind::Down,
            "{status}"
        );
    }
}

#[tokio::test]
async fn the_apis_word_about_the_file_counts() {
    let (sim, file, text) = sim().await;
    let status = |status, code: &str| Bug::Status {
        status,
        code: code.to_owned(),
        description: String::new(),
    };
    let table = [
        (status(404, "object_not_found"), Kind::NotFound),
        (status(403, "forbidden_error"), Kind::Forbidden),
        (status(423, "lock_error"), Kind::Locked),
        (status(400, "still_uploading_error"), Kind::Locked),
        (
            Bug::ErrorOn200 {
                code: "object_not_found".to_owned(),
            },
            Kind::NotFound,
        ),
        (
            Bug::ErrorOn200 {
                code: "strange".to_owned(),
            },
            Kind::Broken,
        ),
        (Bug::Html { status: 404 }, Kind::Broken),
        (Bug::Html { status: 502 }, Kind::Down),
        (Bug::Drop, Kind::Down),
    ];
    for (bug, kind) in table {
        for range in [None, ByteRange::new(1, 2)] {
            sim.cloud
                .faults([Fault::on(DOWNLOAD, bug.clone()).always()]);
            let error = read(&sim, &file, range).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{bug:?} {range:?}");
            sim.cloud.clear_faults();
        }
    }
    sim.cloud
        .faults([Fault::on(DOWNLOAD, Bug::Html { status: 502 }).times(2)]);
    assert_eq!(read(&sim, &file, None).await.unwrap(), text);
}

#[tokio::test]
async fn files_that_are_json_are_files() {
    let switches = Switches {
        download: Download::Direct,
        ..Switches::default()
    };
    let sim = Sim::switched(switches).await;
    for (number, text) in [
        "{}",
        "[1]",
        "\"\"",
        "{\"code\":\"EUR\"}",
        "{\"result\":\"success\",\"data\":1}",
    ]
    .into_iter()
    .enumerate()
    {
        let file = sim
            .put(&id(PRIVATE), &format!("{number}.json"), text.into())
            .await;
        assert_eq!(read(&sim, &file, None).await.unwrap(), text.as_bytes());
    }
}

#[tokio::test]
async fn too_many_requests_on_a_download_are_waited_for() {
    let (sim, file, text) = sim().await;
    for route in [DOWNLOAD, CDN] {
        let bug = Bug::TooMany {
            retry_after: Some(1),
            reset_after: None,
        };
        sim.cloud.faults([Fault::on(route, bug)]);
        assert_eq!(read(&sim, &file, None).await.unwrap(), text);
    }
}

#[tokio::test]
async fn a_file_replaced_before_its_download_tells_its_new_size() {
    let (sim, file, _) = sim().await;
    sim.cloud
        .faults([Fault::on(DOWNLOAD, Bug::Replace { size: Some(1234) })]);
    let content = sim
        .files
        .read(&call(), &drive(), &file, None)
        .await
        .unwrap();
    assert_eq!(content.total, Some(1234));
    sim.cloud
        .faults([Fault::on(DOWNLOAD, Bug::Replace { size: Some(10) })]);
    let part = read(&sim, &file, ByteRange::new(10, 90_000)).await;
    assert_eq!(part.unwrap_err().kind(), Kind::Changed);
}
