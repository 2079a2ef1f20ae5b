//! Files are refused in words before the disk is full, and before anything of them is read.

use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::json;

use crate::engine::on_both;
use crate::province::{Province, Reply};
use crate::walk::{A_PNG, PNG, Walk};

/// The bytes below a province's folder of files.
fn stored(province: &Province) -> u64 {
    fn below(folder: &std::path::Path) -> u64 {
        let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
        let size = |entry: std::fs::DirEntry| {
            let path = entry.path();
            if path.is_dir() { below(&path) } else { entry.metadata().map_or(0, |metadata| metadata.len()) }
        };
        entries.flatten().map(size).sum()
    }
    below(&province.storage().data_dir.join("files"))
}

fn document(walk: &Walk, product: &str) -> Reply {
    let path = format!("/products/{product}/documents");
    walk.province.upload(&walk.here.producer, &path, &[("kind", "business_registration"), ("number", "28-001")], A_PNG)
}

fn doubt(province: &Province, stamp: &str, form: Form) -> Reply {
    Reply::of(
        province
            .request(Method::POST, &format!("/t/{stamp}/doubts"))
            .multipart(form.text("consent", "1"))
            .send()
            .unwrap(),
    )
}

fn photo() -> Part {
    Part::bytes(PNG.to_vec()).file_name("a.png").mime_str("image/png").unwrap()
}

#[test]
fn files_are_refused_before_the_disk_is_full_and_all_else_goes_on() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let stamp = walk.activated(&walk.here, &product, 1).remove(0);
        document(&walk, &product).created();
        let before = stored(&walk.province);
        walk.province.restart(&["--disk-reserve", "1000000000"]);
        let refused = document(&walk, &product).refused(507, "storage_full");
        assert!(refused["detail"].as_str().unwrap().contains("running out of room"), "{refused}");
        let form = Form::new().text("text", "Bao bì khác màu").part("file", photo());
        doubt(&walk.province, &stamp, form).refused(507, "storage_full");
        // Labels are made into a file before they are sent.
        let orders = walk.province.get(&walk.here.producer, "/stamp-orders").ok();
        let labels = format!("/stamp-orders/{}/labels", orders["items"][0]["id"].as_str().unwrap());
        for form in ["pdf", "zip"] {
            walk.province.get(&walk.here.producer, &format!("{labels}.{form}")).refused(507, "storage_full");
        }
        assert_eq!(stored(&walk.province), before);
        // A doubt without a photograph is heard, and what is stored is shown.
        let plain = walk.province.request(Method::POST, &format!("/t/{stamp}/doubts"));
        assert_eq!(plain.json(&json!({"text": "Bao bì khác màu"})).send().unwrap().status(), 201);
        walk.province.get(&walk.here.producer, &format!("/products/{product}/documents")).ok();
    });
}

#[test]
fn a_producer_and_the_public_store_no_more_than_they_may() {
    on_both(|engine| {
        let mut walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let stamp = walk.activated(&walk.here, &product, 1).remove(0);
        walk.province.restart(&["--producer-quota", "0", "--public-quota", "0"]);
        document(&walk, &product).refused(507, "producer_quota_used");
        let form = Form::new().text("text", "Bao bì khác màu").part("file", photo());
        doubt(&walk.province, &stamp, form).refused(507, "public_quota_used");
        walk.province.restart(&["--producer-quota", "1", "--public-quota", "1"]);
        document(&walk, &product).created();
        let form = Form::new().text("text", "Bao bì khác màu").part("file", photo());
        assert_eq!(doubt(&walk.province, &stamp, form).status, 201);
    });
}

#[test]
fn what_is_refused_of_doubts_stays_nowhere() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let product = walk.approved(&walk.here, "Mật ong").product;
        let stamp = walk.activated(&walk.here, &product, 1).remove(0);
        let before = stored(&walk.province);
        for number in 0..40 {
            // The photograph comes before the text that is missing.
            let form = Form::new().part("file", photo()).text("text", "");
            let status = doubt(&walk.province, &stamp, form).status;
            assert_eq!(status, 422, "{number}");
        }
        assert_eq!(stored(&walk.province), before);
    });
}
