//! Orders, ranges, recalls and scans below HTTP, on both engines.

use std::collections::BTreeMap;
use std::net::IpAddr;

use diesel::prelude::*;

use ocop::account::{Actor, Role, Work};
use ocop::base::id::{AccountId, CycleId, LotId, ProducerId, StampOrderId};
use ocop::base::{Day, Moment, Result};
use ocop::cycle::rules::StampsFrom;
use ocop::db::AnyConnection;
use ocop::db::schema::{accounts, cycles, producers, stamps};
use ocop::db::types::Json;
use ocop::hold::steps::HoldForm;
use ocop::hold::store::Held;
use ocop::http::{App, ClientAddress, Language};
use ocop::lot::rules::LotForm;
use ocop::product::ProductRow;
use ocop::product::store::NewProduct;
use ocop::stamp::Scanner;
use ocop::stamp::code::{Mint, Minted};
use ocop::stamp::orders::activation::ActivationRequest;
use ocop::stamp::orders::{self, range_store, store};
use ocop::stamp::passport::Passports;
use ocop::stamp::rules::visitors::Visitors;
use ocop::stamp::rules::{OrderForm, State, Verdict, VoidForm};
use ocop::stamp::scan::{self, Scan, Scanned};
use ocop::station::{Note, Order, Reason, apply, apply_creation};
use ocop::{hold, lot, product};

use crate::engine::{Engine, on_both};
use crate::province;
use crate::rows::Planned;
use crate::walk::phone_in;

/// A house with one product that may carry stamps.
pub struct Goods {
    _folder: tempfile::TempDir,
    pub app: App,
    pub account: AccountId,
    pub product: ProductRow,
}

pub fn now() -> Moment {
    "2021-02-22T01:00:00Z".parse().unwrap()
}

pub fn today() -> Day {
    now().day()
}

impl Goods {
    pub fn new(engine: Engine) -> Self {
        Self::with(engine, StampsFrom::PlanApproved)
    }

    pub fn with(engine: Engine, stamps_from: StampsFrom) -> Self {
        let (folder, database_url) = province::empty(engine);
        let storage = ocop::config::Storage {
            database_url: database_url.parse().unwrap(),
            data_dir: folder.path().join("data"),
            keys_file: None,
            database_connections: 4,
            database_wait: 9,
        };
        let app = ocop::app::open(&storage, "https://ocop.example.vn").unwrap();
        let (account, product) = app.database.write_now(|connection| fill(connection, stamps_from)).unwrap();
        Self { _folder: folder, app, account, product }
    }

    /// The producer, taking steps.
    pub fn producer_at_work<'a>(&self, connection: &'a mut AnyConnection) -> Work<'a> {
        self.at_work(connection, Role::Producer)
    }

    fn at_work<'a>(&self, connection: &'a mut AnyConnection, role: Role) -> Work<'a> {
        let producer = (role == Role::Producer).then_some(self.product.producer_id);
        let unit = (role != Role::Producer).then(|| "42".parse().unwrap());
        let actor = Actor { id: self.account, name: "Ai đó".into(), role, unit, producer };
        Work::assume(connection, self.app.clone(), actor, now())
    }

    pub fn write<T>(&self, work: impl FnOnce(&mut AnyConnection) -> Result<T>) -> Result<T> {
        self.app.database.write_now(work)
    }

    /// Orders stamps.
    fn place(&self, connection: &mut AnyConnection, quantity: i32) -> Result<StampOrderId> {
        let form = OrderForm { product_id: self.product.id, quantity };
        apply_creation(&mut self.producer_at_work(connection), &orders::steps::CREATE, form)
    }

    pub fn issued(&self, quantity: i32) -> StampOrderId {
        self.write(|connection| {
            let id = self.place(connection, quantity)?;
            let office = &mut self.at_work(connection, Role::ProvincialOfficer);
            apply(office, &orders::steps::ISSUE, &id, Order::given(Note::NONE))?;
            Ok(id)
        })
        .unwrap()
    }

    pub fn lot(&self, code: &str, quantity: i64, inputs: &[LotId]) -> Result<LotId> {
        let form = LotForm {
            product_id: self.product.id,
            code: code.into(),
            produced_on: today(),
            expires_on: None,
            quantity,
            unit: "hũ".into(),
            inputs: inputs.to_vec(),
        };
        self.write(|connection| apply_creation(&mut self.producer_at_work(connection), &lot::steps::CREATE, form))
    }

    pub fn activate(&self, order: StampOrderId, from: i32, to: i32, lot_id: LotId) -> Result<()> {
        self.write(|connection| {
            let form = ActivationRequest::of_serials(from, to, lot_id);
            apply(&mut self.producer_at_work(connection), &orders::steps::ACTIVATE, &order, Order::given(form))
        })
    }

    pub fn void(&self, order: StampOrderId, from: i32, to: i32) -> Result<()> {
        self.write(|connection| {
            let form = VoidForm { from, to, reason: "rách khi dán".into() };
            apply(&mut self.producer_at_work(connection), &orders::steps::VOID, &order, Order::given(form))
        })
    }

    pub fn recall(&self, id: LotId) {
        self.write(|connection| recall(&mut self.producer_at_work(connection), id, "kiểm nghiệm không đạt")).unwrap();
    }

    pub fn stamp(&self, order: StampOrderId, serial: i32) -> Minted {
        let order = self.app.database.read_now(|connection| store::find(connection, order)).unwrap().unwrap();
        Minted { order: order.number, serial, key_id: order.key_id().unwrap() }
    }

    pub fn scan(&self, stamp: Minted, address: u32, at: Moment) -> Option<Scanned> {
        self.record(&[scan_from(stamp, address)], at).pop().unwrap()
    }

    pub fn record(&self, scans: &[Scan], at: Moment) -> Vec<Option<Scanned>> {
        let mint = Mint::new(&self.app.keys).unwrap();
        self.write(|connection| scan::record(connection, &mint, Passports::default(), scans, at)).unwrap().scanned
    }

    pub fn verdict(&self, order: StampOrderId, serial: i32) -> Option<Verdict> {
        let scanned = self.scan(self.stamp(order, serial), 1, now())?;
        Some(scanned.facts().verdict(scanned.today))
    }
}

fn scan_from(stamp: Minted, network: u32) -> Scan {
    let client = ClientAddress::new(IpAddr::V4(phone_in(network)));
    Scan { stamp, language: Language::Vietnamese, place: None, client, is_visitor: true }
}

/// Rows that other stations make, as far as stamps need them.
fn fill(connection: &mut AnyConnection, stamps_from: StampsFrom) -> Result<(AccountId, ProductRow)> {
    let (producer, account, cycle) = (ProducerId::new(), AccountId::new(), CycleId::new());
    diesel::insert_into(producers::table)
        .values((
            producers::id.eq(producer),
            producers::version.eq(1),
            producers::name.eq("HTX Cường Nga"),
            producers::folded.eq("htx cuong nga"),
            producers::kind.eq("cooperative"),
            producers::identity_number.eq("3000000001"),
            producers::commune_code.eq("18196"),
            producers::district_code.eq("439"),
            producers::address.eq("Hương Sơn"),
            producers::representative.eq("Nguyễn Văn Cường"),
            producers::phone.eq("0912345678"),
            producers::public_phone.eq(false),
            producers::created_at.eq(now()),
        ))
        .execute(connection)?;
    diesel::insert_into(accounts::table)
        .values((
            accounts::id.eq(account),
            accounts::version.eq(1),
            accounts::username.eq("somebody"),
            accounts::password_hash.eq("-"),
            accounts::name.eq("Ai đó"),
            accounts::folded.eq("ai do"),
            accounts::role.eq("producer"),
            accounts::producer_id.eq(Some(producer)),
            accounts::created_at.eq(now()),
        ))
        .execute(connection)?;
    let nothing = || Json(serde_json::Value::Array(Vec::new()));
    diesel::insert_into(cycles::table)
        .values((
            cycles::id.eq(cycle),
            cycles::version.eq(1),
            cycles::year.eq(2020),
            cycles::edition.eq("1048-2019"),
            cycles::state.eq("open"),
            cycles::idea_deadline.eq(today()),
            cycles::rounds.eq(nothing()),
            cycles::targets.eq(nothing()),
            cycles::stamps_from.eq(stamps_from),
            cycles::created_at.eq(now()),
        ))
        .execute(connection)?;
    let planned = Planned {
        producer,
        cycle,
        district: "439",
        commune: "18196",
        code: "42-439-18196-1-2020",
        name: "Mật ong Cường Nga",
        criteria_set: "mat-ong",
        now: now(),
    };
    let product = planned.put(connection)?;
    Ok((account, product::store::find(connection, product)?.unwrap()))
}

fn code_of<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
    let error = result.unwrap_err();
    let refusal = error.refusal().unwrap();
    refusal.faults.first().map_or(refusal.code, |fault| fault.code)
}

#[test]
fn many_threads_on_two_instances_count_each_scan_once() {
    on_both(|engine| {
        const THREADS: usize = 16;
        const SCANS: usize = 30;
        let goods = Goods::new(engine);
        let order = goods.issued(10);
        let stamps: Vec<Minted> = (1..=3).map(|serial| goods.stamp(order, serial)).collect();
        let scanners = [Scanner::start(&goods.app).unwrap(), Scanner::start(&goods.app).unwrap()];
        let counts: Vec<(Minted, i64)> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS)
                .map(|thread| {
                    let (scanner, stamps) = (scanners[thread % 2].clone(), stamps.clone());
                    scope.spawn(move || {
                        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                        let address = u32::try_from(thread % 4).unwrap();
                        let scan = |turn: usize| {
                            let stamp = stamps[(thread + turn) % 3];
                            let scanned = runtime.block_on(scanner.scan(scan_from(stamp, address))).unwrap().unwrap();
                            (stamp, scanned.count)
                        };
                        (0..SCANS).map(scan).collect::<Vec<_>>()
                    })
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        let mut by_stamp: BTreeMap<Minted, Vec<i64>> = BTreeMap::new();
        for (stamp, count) in counts {
            by_stamp.entry(stamp).or_default().push(count);
        }
        assert_eq!(by_stamp.values().map(Vec::len).sum::<usize>(), THREADS * SCANS);
        for (stamp, mut counts) in by_stamp {
            counts.sort_unstable();
            let all = i64::try_from(counts.len()).unwrap();
            assert_eq!(counts, (1..=all).collect::<Vec<_>>(), "{stamp:?}");
            let looked = goods.app.database.read_now(|connection| scan::look(connection, stamp, now())).unwrap();
            assert_eq!(looked.unwrap().count, all);
        }
    });
}

#[test]
fn one_batch_counts_each_stamp_for_itself_and_knows_no_others() {
    on_both(|engine| {
        let goods = Goods::new(engine);
        let order = goods.issued(2);
        let unissued = goods.write(|connection| goods.place(connection, 5)).unwrap();
        let (first, second) = (goods.stamp(order, 1), goods.stamp(order, 2));
        let beyond = Minted { serial: 3, ..first };
        let other_key = Minted { key_id: 'Z', ..first };
        let early = goods.stamp(unissued, 1);
        let asked = [first, second, beyond, first, other_key, early, first];
        let scans: Vec<Scan> = asked.iter().map(|stamp| scan_from(*stamp, 1)).collect();
        let scanned = goods.record(&scans, now());
        let counts: Vec<Option<i64>> =
            scanned.iter().map(|scanned| scanned.as_ref().map(|scanned| scanned.count)).collect();
        assert_eq!(counts, [Some(1), Some(1), None, Some(2), None, None, Some(3)]);
    });
}

#[test]
fn a_crowd_makes_a_stamp_suspect_and_a_script_does_not() {
    on_both(|engine| {
        let goods = Goods::new(engine);
        let order = goods.issued(3);
        let lot = goods.lot("L1", 10, &[]).unwrap();
        goods.activate(order, 1, 3, lot).unwrap();
        let suspect = |serial, address, at| goods.scan(goods.stamp(order, serial), address, at).unwrap().is_suspect;

        let hammered = goods.stamp(order, 1);
        let scans: Vec<Scan> = (0..2000).map(|_| scan_from(hammered, 7)).collect();
        let last = goods.record(&scans, now()).pop().unwrap().unwrap();
        assert_eq!((last.count, last.is_suspect), (2000, false));

        assert!((0..20).all(|address| !suspect(2, address, now())));
        assert!(!suspect(2, 19, now()), "the same visitor again");
        assert!(suspect(2, 20, now()));
        assert_eq!(goods.verdict(order, 2), Some(Verdict::Suspect));
        assert_eq!(goods.verdict(order, 1), Some(Verdict::Genuine));
        assert!(suspect(2, 500, now()), "and stays so");
        let kept = goods.app.database.read_now(|connection| {
            let columns: Vec<Vec<u8>> = stamps::table.select(stamps::visitors).load(connection)?;
            let networks = |column: &Vec<u8>| Ok(Visitors::read(column)?.networks().len());
            columns.iter().map(networks).sum::<Result<usize>>()
        });
        assert_eq!(kept.unwrap(), 2 + 21, "visitors of a suspect stamp are no longer kept");

        let day = |days: i64| now().plus(chrono::Duration::days(days));
        assert!((0..6).all(|days| (0..10).all(|network| !suspect(3, 10 * days + network, day(days.into())))));
        assert!(!suspect(3, 0, day(7)), "a network that was there before");
        assert!(suspect(3, 60, day(7)), "the sixty-first in all");
    });
}

#[test]
fn ranges_do_not_overlap_and_do_not_exceed_the_lot() {
    on_both(|engine| {
        let goods = Goods::new(engine);
        let order = goods.issued(100);
        let lot = goods.lot("L1", 50, &[]).unwrap();
        assert_eq!(goods.verdict(order, 10), Some(Verdict::NotActivated));
        goods.activate(order, 1, 30, lot).unwrap();
        assert_eq!(goods.verdict(order, 10), Some(Verdict::Genuine));
        assert_eq!(code_of(goods.activate(order, 30, 40, lot)), "range_overlaps");
        assert_eq!(code_of(goods.activate(order, 31, 101, lot)), "out_of_range");
        assert_eq!(code_of(goods.activate(order, 31, 51, lot)), "beyond_lot_quantity");
        assert_eq!(code_of(goods.activate(order, 31, 32, LotId::new())), "unknown_lot");
        goods.void(order, 29, 31).unwrap();
        assert_eq!(code_of(goods.void(order, 31, 31)), "range_overlaps");
        assert_eq!(goods.verdict(order, 30), Some(Verdict::Void));
        // Two of the thirty are void, and so is the first of these: 28 + 22 = 50.
        goods.activate(order, 31, 53, lot).unwrap();
        assert_eq!(code_of(goods.activate(order, 54, 54, lot)), "beyond_lot_quantity");
        let numbers = goods.app.database.read_now(|connection| range_store::numbers(connection, &[order])).unwrap();
        assert_eq!(numbers[&order], range_store::Numbers { activated: 53, void: 3, scanned: 2, ..Default::default() });
    });
}

#[test]
fn unissued_and_refused_orders_have_no_stamps() {
    on_both(|engine| {
        let goods = Goods::new(engine);
        let lot = goods.lot("L1", 50, &[]).unwrap();
        let order = goods.write(|connection| goods.place(connection, 5)).unwrap();
        assert_eq!(code_of(goods.activate(order, 1, 5, lot)), "wrong_state");
        assert_eq!(goods.verdict(order, 1), None);
        goods
            .write(|connection| {
                let reason = Order::given(Reason::new(Some("thiếu hồ sơ".into()))?);
                let office = &mut goods.at_work(connection, Role::ProvincialOfficer);
                apply(office, &orders::steps::REFUSE, &order, reason)
            })
            .unwrap();
        assert_eq!(goods.verdict(order, 1), None);
        let order = goods.app.database.read_now(|connection| store::find(connection, order)).unwrap().unwrap();
        assert_eq!((order.state, order.version), (State::Refused, 2));
    });
}

#[test]
fn a_recall_reaches_everything_that_was_made_of_the_lot() {
    on_both(|engine| {
        let goods = Goods::new(engine);
        let order = goods.issued(100);
        let honey = goods.lot("M1", 50, &[]).unwrap();
        let mixed = goods.lot("M2", 50, &[honey]).unwrap();
        let jars = goods.lot("M3", 50, &[mixed]).unwrap();
        let other = goods.lot("M4", 50, &[]).unwrap();
        assert_eq!(code_of(goods.lot("M4", 1, &[])), "lot_code_taken");
        assert_eq!(code_of(goods.lot("M5", 1, &[LotId::new()])), "unknown_lot");
        goods.activate(order, 1, 10, jars).unwrap();
        goods.activate(order, 11, 20, other).unwrap();
        goods.recall(honey);
        assert_eq!(goods.verdict(order, 5), Some(Verdict::Recalled));
        assert_eq!(goods.verdict(order, 15), Some(Verdict::Genuine));
        assert_eq!(code_of(goods.activate(order, 21, 30, jars)), "lot_recalled");
        let asked = [honey, mixed, jars, other].into();
        let recalled = goods.app.database.read_now(|connection| lot::store::recalled(connection, &asked)).unwrap();
        assert_eq!(recalled, [honey, mixed, jars].into());
    });
}

/// Recalls a lot for a reason.
pub fn recall(work: &mut Work, lot: LotId, reason: &str) -> Result<()> {
    apply(work, &lot::steps::RECALL, &lot, Order::given(Reason::new(Some(reason.into()))?))
}

#[test]
fn a_hold_counts_until_it_is_lifted() {
    on_both(|engine| {
        let goods = Goods::new(engine);
        let order = goods.issued(10);
        let lot = goods.lot("L1", 10, &[]).unwrap();
        goods.activate(order, 1, 5, lot).unwrap();
        for held in [Held::Lot(lot), Held::Product(goods.product.id)] {
            let (product_id, lot_id) = match held {
                Held::Product(id) => (Some(id), None),
                Held::Lot(id) => (None, Some(id)),
            };
            let form = HoldForm { product_id, lot_id, reason: "chờ kết quả".into() };
            let id = goods
                .write(|connection| {
                    apply_creation(&mut goods.at_work(connection, Role::Inspector), &hold::steps::CREATE, form)
                })
                .unwrap();
            assert_eq!(goods.verdict(order, 1), Some(Verdict::Suspended), "{held:?}");
            goods
                .write(|connection| {
                    let inspector = &mut goods.at_work(connection, Role::Inspector);
                    apply(inspector, &hold::steps::LIFT, &id, Order::given(Note::NONE))
                })
                .unwrap();
            assert_eq!(goods.verdict(order, 1), Some(Verdict::Genuine), "{held:?}");
        }
    });
}

#[test]
fn where_the_cycle_says_so_only_certified_products_get_stamps() {
    on_both(|engine| {
        let goods = Goods::with(engine, StampsFrom::Certified);
        assert_eq!(code_of(goods.write(|connection| goods.place(connection, 5))), "not_certified");
        let unplanned = goods.write(|connection| {
            let home = goods.product.home();
            let (name, criteria_set) = ("Chưa có phương án".into(), goods.product.criteria_set.clone());
            let new = NewProduct {
                home,
                year: 2021,
                name,
                criteria_set,
                description: String::new(),
                packaging: String::new(),
            };
            let product_id = product::store::insert(connection, new, now())?;
            let form = OrderForm { product_id, quantity: 5 };
            apply_creation(&mut goods.producer_at_work(connection), &orders::steps::CREATE, form)
        });
        assert_eq!(code_of(unplanned), "plan_not_approved");
    });
}
