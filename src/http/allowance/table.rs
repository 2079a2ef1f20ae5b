//! The table of allowances: how often what may be asked, by a visitor, by a network, by an account. `docs/security.md` shows
//! this very table, with the reason of each number, and a test holds it against it.
//!
//! Behind one address there may be an office, a school, or a whole market on one mobile network, so that numbers are far above
//! what people do; they stop programs. A `GET` of a stamp has no allowance: nobody is kept from looking at what they bought.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use crate::base::{Label, label};

/// So many at once, and then one more each time that so long has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub at_once: NonZeroU32,
    pub one_each: Duration,
}

/// What is allowed of a kind of request.
pub struct Allowance {
    /// In Vietnamese what one does, in English what there are too many of.
    pub name: Label,
    /// Methods and patterns of addresses.
    pub routes: &'static [(&'static str, &'static str)],
    pub visitor: Option<Rate>,
    pub network: Option<Rate>,
    pub account: Option<Rate>,
}

const fn rate(at_once: u32, one_each_milliseconds: u64) -> Option<Rate> {
    match NonZeroU32::new(at_once) {
        Some(at_once) => Some(Rate { at_once, one_each: Duration::from_millis(one_each_milliseconds) }),
        None => None,
    }
}

/// All of them. No route stands in two.
pub static ALLOWANCES: [Allowance; 11] = [
    Allowance {
        name: label("Đăng nhập", "sign-ins"),
        routes: &[
            ("POST", "/api/v1/auth/token"),
            ("POST", "/desk/sign-in"),
            ("POST", "/desk/oidc"),
            ("POST", "/desk/oidc/link"),
            ("GET", "/desk/oidc/callback"),
            ("GET", "/desk/oidc/confirm"),
            ("POST", "/desk/oidc/confirm"),
            ("POST", "/desk/oidc/enter"),
        ],
        visitor: rate(300, 1_000),
        network: rate(900, 300),
        account: None,
    },
    Allowance {
        name: label("Gia hạn đăng nhập", "renewals of sign-ins"),
        routes: &[("POST", "/api/v1/auth/refresh"), ("POST", "/api/v1/auth/revoke")],
        visitor: rate(600, 200),
        network: rate(3_000, 50),
        account: None,
    },
    Allowance {
        name: label("Đổi mật khẩu", "changes of passwords"),
        routes: &[("POST", "/api/v1/auth/password"), ("POST", "/desk/password")],
        visitor: rate(120, 5_000),
        network: rate(360, 1_500),
        account: rate(30, 60_000),
    },
    Allowance {
        name: label("Nộp đơn đăng ký", "registrations"),
        routes: &[("POST", "/api/v1/registrations"), ("POST", "/register")],
        visitor: rate(60, 60_000),
        network: rate(180, 20_000),
        account: None,
    },
    Allowance {
        name: label("Gửi phản ánh", "doubts"),
        routes: &[("POST", "/t/{code}/doubts")],
        visitor: rate(120, 60_000),
        network: rate(480, 10_000),
        account: None,
    },
    Allowance {
        name: label("Gọi từ ứng dụng quét tem", "calls of scanning apps"),
        routes: &[("POST", "/t/{code}/scans"), ("POST", "/t/{code}/confirm")],
        visitor: rate(2_400, 20),
        network: rate(6_000, 10),
        account: None,
    },
    Allowance {
        name: label("Tải dữ liệu ra", "exports"),
        routes: &[
            ("GET", "/api/v1/stamp-orders/{id}/codes.csv"),
            ("GET", "/api/v1/stamp-orders/{id}/scratch.csv"),
            ("GET", "/api/v1/stamp-orders/{id}/labels.pdf"),
            ("GET", "/api/v1/stamp-orders/{id}/labels.zip"),
            ("POST", "/api/v1/stamp-orders/{id}/export-links"),
            ("GET", "/api/v1/councils/{id}/export"),
            ("GET", "/api/v1/councils/{id}/session-papers"),
            ("GET", "/api/v1/decisions/{id}/package.zip"),
            ("GET", "/desk/stamp-orders/{id}/codes.csv"),
            ("GET", "/desk/stamp-orders/{id}/scratch.csv"),
            ("GET", "/desk/stamp-orders/{id}/labels.pdf"),
            ("GET", "/desk/stamp-orders/{id}/labels.zip"),
            ("GET", "/desk/councils/{id}/session-papers"),
            ("GET", "/desk/decisions/{id}/package.zip"),
            ("GET", r"/desk/{table:.+\.(csv|xlsx)}"),
        ],
        visitor: None,
        network: None,
        account: rate(120, 5_000),
    },
    Allowance {
        name: label("Tải mã tem bằng liên kết", "exports by a link"),
        routes: &[("GET", "/api/v1/stamp-exports/{secret}")],
        visitor: rate(120, 5_000),
        network: rate(360, 1_000),
        account: None,
    },
    Allowance {
        name: label("Tra cứu", "searches and readings of lists"),
        routes: &[
            ("GET", "/check"),
            ("GET", "/products"),
            ("GET", "/shops"),
            ("GET", "/figures"),
            ("GET", "/legacy"),
            ("GET", "/api/v1/public/products"),
            ("GET", "/api/v1/public/shops"),
            ("GET", "/api/v1/public/legacy"),
            ("GET", "/api/v1/public/certificates/{number}"),
        ],
        visitor: rate(600, 100),
        network: rate(3_000, 20),
        account: None,
    },
    Allowance {
        name: label("Tải danh mục và giấy chứng nhận", "downloads of the catalogue and of certificates"),
        routes: &[
            ("GET", "/catalogue.json"),
            ("GET", "/catalogue.csv"),
            ("GET", "/sitemap.xml"),
            ("GET", "/feed.atom"),
            ("GET", "/api/v1/public/certificates/{number}/certificate.pdf"),
            ("GET", "/api/v1/public/certificates/{number}/signed"),
        ],
        visitor: rate(120, 1_000),
        network: rate(600, 200),
        account: None,
    },
    Allowance {
        name: label("Tìm kiếm", "searches at the desk"),
        routes: &[("GET", "/desk/search")],
        visitor: None,
        network: None,
        account: rate(300, 200),
    },
];

/// Whether a route, as its pattern is written, has an allowance.
pub fn is_rationed(method: &str, pattern: &str) -> bool {
    ALLOWANCES.iter().any(|allowance| allowance.routes.contains(&(method, pattern)))
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, then ", self.at_once)?;
        match self.one_each.as_millis() {
            1_000 => write!(f, "one a second"),
            60_000 => write!(f, "one a minute"),
            longer if longer >= 1_000 => write!(f, "one in {} s", self.one_each.as_secs_f64()),
            shorter => write!(f, "{} a second", 1_000 / shorter.max(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cell of the table: what has no limit is a dash.
    fn cell(rate: Option<Rate>) -> String {
        rate.map_or_else(|| "–".to_owned(), |rate| rate.to_string())
    }

    #[test]
    fn the_page_about_security_has_this_very_table() {
        let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/security.md")).unwrap();
        for allowance in &ALLOWANCES {
            let [visitor, network, account] = [allowance.visitor, allowance.network, allowance.account].map(cell);
            let row = format!("| {} | {visitor} | {network} | {account} |", allowance.name.en);
            assert!(page.contains(&row), "docs/security.md lacks\n{row}");
        }
        let rows = page.split("| what | visitor | network | account | why |\n").nth(1).unwrap();
        let rows = rows.lines().take_while(|line| line.starts_with('|')).count();
        assert_eq!(rows, ALLOWANCES.len() + 1, "rows that the table does not have");
    }

    #[test]
    fn no_stamp_is_kept_from_who_holds_it_and_no_network_has_less_than_a_visitor() {
        for allowance in &ALLOWANCES {
            assert!(!allowance.routes.iter().any(|(method, path)| *method == "GET" && path.starts_with("/t/")));
            if let (Some(visitor), Some(network)) = (allowance.visitor, allowance.network) {
                assert!(network.at_once >= visitor.at_once && network.one_each <= visitor.one_each);
            }
            assert_eq!(allowance.visitor.is_some(), allowance.network.is_some(), "{}", allowance.name.en);
            for route in allowance.routes {
                let others = ALLOWANCES.iter().filter(|other| other.routes.contains(route)).count();
                assert_eq!(others, 1, "{route:?}");
            }
        }
    }
}
