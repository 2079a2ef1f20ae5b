//! `/legacy-codes`: the import of old codes by the provincial office.

use std::collections::HashMap;

use actix_web::{get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Caller, Role};
use crate::base::id::ProductId;
use crate::base::{Error, Fault, Faults, Moment, Result, say};
use crate::http::{Answer, Page, Problem, Refusals};
use crate::product;
use crate::stamp::Scanner;
use crate::stamp::code::Mint;
use crate::stamp::legacy::known::{LONGEST, spelled};
use crate::stamp::legacy::sheet;
use crate::stamp::legacy::store;
use crate::station::{Order, plain_forms};

/// Codes that one import takes.
const MOST: usize = 2000;

/// Old codes and what they lead to: as a list, or as CSV with the columns `code` and `product_id`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportForm {
    #[serde(default)]
    items: Vec<ImportItem>,
    #[serde(default)]
    csv: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = LegacyItem)]
#[serde(deny_unknown_fields)]
pub struct ImportItem {
    /// The address in the old QR, or the code in it.
    code: String,
    product_id: ProductId,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LegacyImport)]
pub struct ImportAnswer {
    imported: usize,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LegacyCode)]
pub struct CodeAnswer {
    /// As it is looked up: an address without its scheme.
    code: String,
    product_id: ProductId,
    imported_at: Moment,
}

plain_forms!(ImportForm);

impl ImportForm {
    /// All rows, each with the place that its faults name.
    fn rows(self) -> Result<Vec<(String, ImportItem)>> {
        let mut rows: Vec<(String, ImportItem)> =
            self.items.into_iter().enumerate().map(|(place, item)| (format!("/items/{place}"), item)).collect();
        for item in sheet::rows(self.csv.as_deref().unwrap_or_default())? {
            rows.push(("/csv".to_owned(), item));
        }
        Ok(rows)
    }
}

/// What is wrong with an old code; one of our own shape could hide a stamp.
fn fault(at: &str, code: &str, mint: &Mint) -> Option<Fault> {
    let pointer = if at == "/csv" { at.to_owned() } else { format!("{at}/code") };
    if code.is_empty() || code.len() > LONGEST {
        let detail =
            say(format!("Mã cũ có từ 1 đến {LONGEST} ký tự."), format!("An old code has 1 to {LONGEST} characters."));
        return Some(Fault::new(pointer, "out_of_range", detail));
    }
    let is_ours = mint.has_shape(code.rsplit('/').next().unwrap_or(code));
    is_ours.then(|| {
        let detail = say(
            format!("“{code}” có dạng mã tem của tỉnh."),
            format!("\"{code}\" has the shape of the province's own codes."),
        );
        Fault::new(pointer, "own_shape", detail)
    })
}

/// Imports codes of earlier software (provincial office), at most 2,000 at a time. A code that is there already leads to
/// its new product.
#[utoipa::path(tag = "stamps", request_body = ImportForm, responses((status = 201, body = ImportAnswer), Refusals))]
#[post("/legacy-codes")]
pub async fn import(caller: Caller, scanner: web::Data<Scanner>) -> Result<Answer, Problem> {
    let (mint, known) = (scanner.mint().clone(), scanner.legacy().clone());
    caller
        .order(move |work, request| {
            work.must_be(&[Role::ProvincialOfficer])?;
            let rows = Order::<ImportForm>::sent(request).form(work)?.rows()?;
            let mut faults = Vec::new();
            if rows.is_empty() || rows.len() > MOST {
                let detail = say(format!("Mỗi lần từ 1 đến {MOST} mã."), format!("1 to {MOST} codes at a time."));
                return Err(Error::invalid("/items", "out_of_range", detail).into());
            }
            let mut products: HashMap<ProductId, bool> = HashMap::new();
            let mut codes = Vec::with_capacity(rows.len());
            for (at, item) in rows {
                let code = spelled(&item.code);
                faults.extend(fault(&at, &code, &mint));
                let exists = match products.get(&item.product_id) {
                    Some(exists) => *exists,
                    None => {
                        let found = product::store::find(work.connection, item.product_id)?;
                        let exists = found.is_some_and(|product| work.must_see(&product.home()).is_ok());
                        products.insert(item.product_id, exists);
                        exists
                    }
                };
                if !exists {
                    let detail = say("Không có sản phẩm này.", "There is no such product.");
                    let pointer = if at == "/csv" { at } else { format!("{at}/product_id") };
                    faults.push(Fault::new(pointer, "unknown_product", detail));
                }
                codes.push((code, item.product_id));
            }
            faults.into_result()?;
            for (code, product) in &codes {
                store::put(work.connection, code, *product, work.actor.id, work.now)?;
            }
            let imported = codes.len();
            // Should the commit fail, these fingerprints lead to nothing.
            known.add(codes.into_iter().map(|(code, _)| code));
            Ok(Answer::made("/api/v1/legacy-codes".to_owned(), ImportAnswer { imported })?)
        })
        .await
}

/// The old codes that are known (provincial office, inspectors, supervisors).
#[utoipa::path(
    tag = "stamps",
    params(
        ("product_id" = Option<ProductId>, Query),
        ("limit" = Option<i64>, Query), ("after" = Option<String>, Query),
    ),
    responses((status = 200, body = Page<CodeAnswer>), Refusals)
)]
#[get("/legacy-codes")]
pub async fn list(caller: Caller) -> Result<Answer, Problem> {
    let mut query = caller.request.query();
    caller
        .read(move |work| {
            work.must_be(&[Role::ProvincialOfficer, Role::Inspector, Role::Supervisor])?;
            let paging = query.paging::<String>();
            let product = query.take("product_id");
            query.finish()?;
            let found = store::list(work.connection, product, paging.after.as_deref(), paging.one_more())?;
            let (rows, next) = paging.cut(found, |(code, ..)| code.clone())?;
            let answer = |(code, product_id, imported_at)| CodeAnswer { code, product_id, imported_at };
            Ok(Answer::page(rows.into_iter().map(answer).collect(), next)?)
        })
        .await
}
