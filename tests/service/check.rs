//! Where what somebody has in the hand leads: a text typed into `/check`, a GS1 Digital Link.

use reqwest::Method;
use serde_json::json;

use crate::engine::on_both;
use crate::html::{escaped, page, shown};
use crate::province::Reply;
use crate::walk::Walk;

#[test]
fn one_field_leads_to_stamps_certificates_papers_and_products() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let product = walk.approved(&walk.here, "Mật ong").product;
        let stamp = walk.activated(&walk.here, &product, 2).remove(0);
        let items = json!({"items": [{"code": "SP-00123", "product_id": product}]});
        province.post(&walk.office, "/legacy-codes", items).created();
        let grouped = format!("{}-{}", stamp[..10].to_lowercase(), &stamp[10..]);
        for (typed, target) in [
            (stamp.clone(), format!("/t/{stamp}")),
            (format!("  {grouped} "), format!("/t/{stamp}")),
            (format!("http://{}/T/{stamp}?lang=en", province.address), format!("/t/{stamp}")),
            ("42-2020-0087".into(), "/c/42-2020-0087".into()),
            ("0000-0000-0000-0000".into(), "/p/0000000000000000".into()),
            (walk.product_code(&product), format!("/products/{}", walk.product_code(&product))),
            ("SP-00123".into(), "/t/SP-00123".into()),
        ] {
            let reply = page(province, &format!("/check?code={}", escaped(&typed)));
            assert_eq!((reply.status.as_u16(), reply.headers["location"].to_str().unwrap()), (303, target.as_str()));
        }
        for (typed, told) in
            [(&stamp[..19], "19 ký tự"), ("12345678", "lớp phủ cào"), ("mật ong", "“ậ”"), ("a\"><script>", "“&#34;”")]
        {
            let reply = page(province, &format!("/check?code={}", escaped(typed)));
            assert_eq!(reply.status, 422, "{typed}");
            assert!(
                reply.text.contains(told) && reply.text.contains("aria-invalid=\"true\""),
                "{typed}: {}",
                reply.text
            );
        }
        for path in ["/check", "/check?code=", "/check?code=%20"] {
            assert!(!shown(province, path).contains("aria-invalid"), "{path}");
        }
        // None of this was a scan.
        assert_eq!(walk.scan(&stamp, 1, None)["scans"]["count"], 1);
    });
}

#[test]
fn a_digital_link_leads_people_to_pages() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let product = walk.approved(&walk.here, "Mật ong").product;
        let gtin = json!({"gtin": "8934563138165"});
        province.patch(&walk.here.producer, &format!("/products/{product}"), gtin).ok();
        let led = |query: &str, accept: &str| {
            let request = province.request(Method::GET, &format!("/01/08934563138165{query}"));
            let reply = Reply::of(request.header("accept", accept).send().unwrap());
            assert_eq!(reply.status, 307);
            reply.headers["location"].to_str().unwrap().strip_prefix(&*province.app.public_url).unwrap().to_owned()
        };
        let code = walk.product_code(&product);
        assert_eq!(led("", "text/html"), format!("/products/{code}"));
        assert_eq!(led("?linkType=gs1:hasRetailers", "text/html"), format!("/shops?product={code}"));
        assert_eq!(led("", "application/json"), format!("/api/v1/public/products/{product}"));
        let target = led("", "text/html,*/*;q=0.8");
        assert!(shown(province, &target).contains("Mật ong"));
    });
}
