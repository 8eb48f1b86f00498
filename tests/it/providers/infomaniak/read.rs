//! Content.

use bytes::Bytes;
use cloud::{Download, Options, Switches};
use davbridge::domain::{ByteRange, EntryId, EntryKind, Kind};
use futures::StreamExt;
use futures::future::join_all;

use crate::support::infomaniak::{DRIVE, PRIVATE, Sim, bytes, call, drive, id};

const DOWNLOAD: &str = "GET /2/drive/{drive}/files/{file}/download";
const CDN: &str = "GET cdn:/2/download/{ticket}";
const LOGIN: &str = "GET login:/{rest}";

async fn with(switches: Switches) -> Sim {
    Sim::switched(switches).await
}

async fn read(sim: &Sim, file: &EntryId, range: Option<ByteRange>) -> Vec<u8> {
    let content = sim
        .files
        .read(&call(), &drive(), file, range)
        .await
        .unwrap();
    bytes(content).await.unwrap()
}

#[tokio::test]
async fn every_way_to_the_bytes_gives_the_same() {
    let text: Bytes = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    for download in [Download::Redirect, Download::Direct] {
        for cdn_ranges in [true, false] {
            let sim = with(Switches {
                download,
                cdn_ranges,
                ..Switches::default()
            })
            .await;
            let file = sim.put(&id(PRIVATE), "data.bin", text.clone()).await;
            assert_eq!(read(&sim, &file, None).await, text);
            for (first, last) in [(0, 0), (0, 799_999), (123_456, 654_321), (799_999, 799_999)] {
                let range = ByteRange::new(first, last);
                let content = sim
                    .files
                    .read(&call(), &drive(), &file, range)
                    .await
                    .unwrap();
                assert_eq!(content.total, Some(800_000));
                let bounds = usize::try_from(first).unwrap()..=usize::try_from(last).unwrap();
                assert_eq!(bytes(content).await.unwrap(), text.slice(bounds));
            }
        }
    }
}

#[tokio::test]
async fn a_download_is_one_call_and_one_signed_address() {
    let sim = Sim::new().await;
    let file = sim.put(&id(PRIVATE), "a.txt", "hello".into()).await;
    sim.cloud.reset_counters();
    let call = call();
    let content = sim.files.read(&call, &drive(), &file, None).await.unwrap();
    // the simulated CDN answers 400 to credentials
    assert_eq!(bytes(content).await.unwrap(), b"hello");
    assert_eq!((sim.cloud.calls(DOWNLOAD), sim.cloud.calls(CDN)), (1, 1));
    assert_eq!(call.upstream_calls(), 2);
}

#[tokio::test]
async fn a_redirect_to_a_foreign_host_is_refused() {
    let foreign = |settings: &mut davbridge::providers::infomaniak::Settings| {
        settings.download_hosts = vec!["download.example.com".to_owned()];
    };
    let sim = Sim::with(Options::default(), foreign).await;
    let file = sim.put(&id(PRIVATE), "a.txt", "hello".into()).await;
    let error = sim
        .files
        .read(&call(), &drive(), &file, None)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Broken);
    assert_eq!((sim.cloud.calls(CDN), sim.cloud.calls(LOGIN)), (0, 0));
    assert!(!error.chain().contains("127.0.0.1"), "{}", error.chain());
}

#[tokio::test]
async fn a_hundred_files_are_read_at_once_and_listing_goes_on() {
    let sim = Sim::new().await;
    let big = sim.find("Big/5 GiB.bin").await;
    let mut running = Vec::new();
    for _ in 0..100 {
        let mut content = sim
            .files
            .read(&call(), &drive(), &big.id, None)
            .await
            .unwrap();
        content.stream.next().await.unwrap().unwrap();
        running.push(content);
    }
    assert!(!sim.children(PRIVATE).await.unwrap().is_empty());
    drop(running);
    let files = (0..100).map(|number| {
        let name = format!("file {number}");
        let sim = &sim;
        async move { sim.put(&id(PRIVATE), &name, name.clone().into()).await }
    });
    let files = join_all(files).await;
    let contents = join_all(files.iter().map(|file| read(&sim, file, None))).await;
    for (number, content) in contents.into_iter().enumerate() {
        assert_eq!(content, format!("file {number}").into_bytes());
    }
}

#[tokio::test]
async fn a_large_file_is_read_from_its_middle_and_left() {
    let sim = Sim::new().await;
    let big = sim.find("Big/5 GiB.bin").await;
    let EntryKind::File {
        size: Some(size), ..
    } = big.kind
    else {
        panic!("{big:?}")
    };
    assert_eq!(size, 5 << 30);
    let range = ByteRange::new(size - 1000, size - 1);
    assert_eq!(read(&sim, &big.id, range).await.len(), 1000);
}

#[tokio::test]
async fn what_changed_meanwhile_is_told() {
    let sim = Sim::new().await;
    let file = sim.put(&id(PRIVATE), "a.txt", "a long text".into()).await;
    sim.upload(&[("file_id", file.as_str())], "short".into())
        .await;
    let range = ByteRange::new(6, 10);
    let error = sim
        .files
        .read(&call(), &drive(), &file, range)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Changed);
    sim.edit("DELETE", &format!("/2/drive/{DRIVE}/files/{file}"), "")
        .await;
    let error = sim
        .files
        .read(&call(), &drive(), &file, None)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
}
