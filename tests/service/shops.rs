//! The shops as people and programs see them.

use reqwest::Method;
use serde_json::json;

use crate::engine::on_both;
use crate::html::{between, page, plain, shown};
use crate::walk::{Walk, id, shop_form};

#[test]
fn shops_are_found_by_name_address_place_and_product() {
    on_both(|engine| {
        let walk = Walk::new(engine);
        let province = &walk.province;
        let product = walk.approved(&walk.here, "Mật ong").product;
        for (name, commune, phone) in
            [("Siêu thị Hương Sơn", "18196", json!("0239 3875 111")), ("Cửa hàng Tùng Ảnh", "18235", json!(null))]
        {
            let mut form = shop_form(name, commune);
            form["phone"] = phone;
            let shop = province.post(&walk.office, "/shops", form).created();
            if commune == "18196" {
                let resource = format!("/shops/{}/products", id(&shop));
                let sold = json!({"product_ids": [product]});
                province.at_version(Method::PUT, &walk.office, &resource, 1, sold).ok();
            }
        }
        let mut closed = shop_form("Điểm đã đóng", "18196");
        closed["closed_on"] = json!("2021-02-01");
        province.post(&walk.office, "/shops", closed).created();
        let code = walk.product_code(&product);
        for (query, expected) in [
            (String::new(), vec!["Cửa hàng Tùng Ảnh", "Siêu thị Hương Sơn"]),
            ("q=sieu+thi".into(), vec!["Siêu thị Hương Sơn"]),
            ("q=thi+sieu".into(), vec!["Siêu thị Hương Sơn"]),
            ("q=duc+tho".into(), vec!["Cửa hàng Tùng Ảnh"]),
            ("q=quoc+lo".into(), vec!["Cửa hàng Tùng Ảnh", "Siêu thị Hương Sơn"]),
            ("unit_code=440".into(), vec!["Cửa hàng Tùng Ảnh"]),
            (format!("product={code}"), vec!["Siêu thị Hương Sơn"]),
            (format!("product={code}&unit_code=440"), vec![]),
        ] {
            let html = shown(province, &format!("/shops?{query}"));
            let names: Vec<String> = between(&html, "<h3><bdi lang=\"vi\">", "</bdi>").into_iter().map(plain).collect();
            assert_eq!(names, expected, "{query}");
        }
        assert!(shown(province, "/shops").contains("href=\"tel:0239"));
        assert_eq!(page(province, "/shops?product=x").status, 404);
        let listed = province.public("/public/shops?q=son+sieu").ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    });
}
