// The README's whole path, from an idea to a scan, by a program that knows the service from its OpenAPI document alone.
// `node whole-path.js http://127.0.0.1:8080`, against a demo that was just filled.
import assert from "node:assert/strict";
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Service = Client<paths>;
type Mark = components["schemas"]["Mark"];

/** What was answered, and the version that a change of it names. */
interface Seen<T> {
  it: T;
  version: string;
}

const address = process.argv[2] ?? "http://127.0.0.1:8080";

async function done<T>(
  asked: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<Seen<NonNullable<T>>> {
  const { data, error, response } = await asked;
  if (data === undefined || data === null) {
    throw new Error(`${response.url}: ${response.status} ${JSON.stringify(error)}`);
  }
  return { it: data, version: response.headers.get("ETag") ?? "" };
}

/** Who asks for a thing with an id, in the version that was seen. */
function of(seen: Seen<{ id: string }>) {
  return { path: { id: seen.it.id }, header: { "If-Match": seen.version } };
}

function first<T>(items: T[]): T {
  const [item] = items;
  assert.ok(item !== undefined, "the list is empty");
  return item;
}

const anybody = createClient<paths>({ baseUrl: address });

async function signedIn(username: string): Promise<Service> {
  const credentials = { username, password: "ocop-demo-2020" };
  const { it: tokens } = await done(anybody.POST("/api/v1/auth/token", { body: credentials }));
  return createClient<paths>({
    baseUrl: address,
    headers: { Authorization: `Bearer ${tokens.access_token}`, "Accept-Language": "en" },
  });
}

/** The second best option of each criterion, or the only one; the last of those that stand beside each other. */
async function marks(member: Service): Promise<Mark[]> {
  const params = { path: { code: "mat-ong" } };
  const { it: set } = await done(member.GET("/api/v1/criteria-sets/{code}", { params }));
  const criteria = set.parts.flatMap((part) => part.groups).flatMap((group) => group.criteria);
  return criteria.map(({ code, alternatives, options }) => ({
    criterion: code,
    option: alternatives ? options.length : Math.max(options.length - 1, 1),
  }));
}

/** Every member scores alone, the first of them presides. */
async function scored(id: string, members: Service[], total: number) {
  const chair = first(members);
  const given = await marks(chair);
  const seen = () => done(chair.GET("/api/v1/agenda-items/{id}", { params: { path: { id } } }));
  await done(chair.POST("/api/v1/agenda-items/{id}/open-scoring", { params: of(await seen()), body: {} }));
  for (const member of members) {
    const sheet = "/api/v1/agenda-items/{id}/sheet";
    const { version } = await done(member.GET(sheet, { params: { path: { id } } }));
    const params = { path: { id }, header: { "If-Match": version } };
    const written = await done(member.PUT(sheet, { params, body: { marks: given } }));
    assert.deepEqual([written.it.state, written.it.total], ["draft", total]);
    params.header["If-Match"] = written.version;
    const { it: handedIn } = await done(member.POST(`${sheet}/submit`, { params, body: {} }));
    assert.equal(handedIn.state, "submitted");
  }
  await done(chair.POST("/api/v1/agenda-items/{id}/close-scoring", { params: of(await seen()), body: {} }));
  await done(chair.POST("/api/v1/agenda-items/{id}/conclude", { params: of(await seen()), body: {} }));
  const { it: result } = await done(chair.GET("/api/v1/agenda-items/{id}/result", { params: { path: { id } } }));
  assert.deepEqual([result.sheets, result.mean], [members.length, `${total}.00`]);
  return result;
}

const all = (...usernames: string[]) => Promise.all(usernames.map(signedIn));
const [producer, commune, district, office, signatory] = await Promise.all([
  signedIn("producer"), signedIn("commune"), signedIn("district"), signedIn("office"), signedIn("signatory"),
]);

// 1. An idea goes up: producer, commune, district, province.
const { it: cycles } = await done(producer.GET("/api/v1/cycles", { params: { query: { year: 2021 } } }));
const cycle = first(cycles.items).id;
let idea = await done(producer.POST("/api/v1/ideas", {
  body: {
    cycle_id: cycle,
    kind: "new",
    product_name: "Mật ong hoa nhãn Cường Nga",
    criteria_set: "mat-ong",
    description: "Mật ong lấy từ hoa nhãn trong xã.",
    target_value: 600_000_000,
    packaging: "Lọ thủy tinh 500 ml",
  },
}));
idea = await done(producer.POST("/api/v1/ideas/{id}/submit", { params: of(idea), body: {} }));
assert.match(idea.it.number ?? "", /^\d\d+\/PĐK-42-439-2021$/);
const opinion = { note: "Nguyên liệu có sẵn tại xã." };
idea = await done(commune.POST("/api/v1/ideas/{id}/forward", { params: of(idea), body: opinion }));
idea = await done(district.POST("/api/v1/ideas/{id}/select", { params: of(idea), body: {} }));
idea = await done(office.POST("/api/v1/ideas/{id}/accept", { params: of(idea), body: {} }));
assert.equal(idea.it.state, "accepted");

// 2. The plan is approved: the product and its dossier are there.
let plan = await done(producer.POST("/api/v1/plans", {
  body: {
    idea_id: idea.it.id,
    capacity: "3.000 lọ mỗi năm",
    market: "Điểm bán hàng OCOP",
    materials: "120 đàn ong",
    technology: "Lọc và hạ thủy phần",
    finance: [{ year: 2021, own: 300_000_000, loan: 100_000_000, other: 0, state_support: 80_000_000 }],
  },
}));
plan = await done(producer.POST("/api/v1/plans/{id}/submit", { params: of(plan), body: {} }));
plan = await done(district.POST("/api/v1/plans/{id}/approve", { params: of(plan), body: {} }));
const product = plan.it.product_id;
assert.ok(product);
const { it: made } = await done(producer.GET("/api/v1/products/{id}", { params: { path: { id: product } } }));
assert.match(made.code, /^42-439-18196-\d+-2021$/);
const { it: dossiers } = await done(producer.GET("/api/v1/dossiers", { params: { query: { product_id: product } } }));
const dossier = first(dossiers.items);
const opened = await done(producer.GET("/api/v1/dossiers/{id}", { params: { path: { id: dossier.id } } }));
const handedIn = await done(producer.POST("/api/v1/dossiers/{id}/submit", { params: of(opened), body: {} }));
assert.equal(handedIn.it.state, "submitted");

// 3. The district's council scores, and the district sends it up.
async function onAgenda(officer: Service, unit: string): Promise<string> {
  const query = { cycle_id: cycle, unit_code: unit };
  const { it: councils } = await done(officer.GET("/api/v1/councils", { params: { query } }));
  const body = { council_id: first(councils.items).id, dossier_ids: [dossier.id] };
  const { it: agenda } = await done(officer.POST("/api/v1/agenda-items", { body }));
  return first(agenda.items).id;
}
const seenBy = (officer: Service, id: string) =>
  done(officer.GET("/api/v1/agenda-items/{id}", { params: { path: { id } } }));

const lower = await onAgenda(district, "439");
const advice = await scored(lower, await all("dchair", "dvice", "dmember1", "dmember2", "dmember3"), 62);
assert.deepEqual([advice.outcome, advice.stars ?? null, advice.sum], ["forwarded", null, 310]);
const sendUp = { params: of(await seenBy(district, lower)), body: {} };
const sent = await done(district.POST("/api/v1/agenda-items/{id}/send-up", sendUp));
assert.ok(sent.it.sent_up_at);

// 4. The province admits, scores, decides; another account promulgates.
const upper = await onAgenda(office, "42");
const admit = { params: of(await seenBy(office, upper)), body: {} };
await done(office.POST("/api/v1/agenda-items/{id}/admit", admit));
const members = await all("chair", "vice", "member1", "member2", "member3", "member4", "member5");
const rating = await scored(upper, members, 62);
assert.deepEqual([rating.outcome, rating.stars, rating.sum], ["rated", 3, 434]);
const draft = await done(office.POST("/api/v1/decisions", {
  body: { kind: "recognise", unit_code: "42", agenda_item_ids: [upper] },
}));
const signed = { number: "700/QĐ-UBND", signed_on: "2021-02-22" };
const decision = await done(signatory.POST("/api/v1/decisions/{id}/promulgate", { params: of(draft), body: signed }));
assert.equal(decision.it.state, "promulgated");
const ofProduct = { params: { query: { product_id: product } } };
const { it: certificates } = await done(producer.GET("/api/v1/certificates", ofProduct));
const certificate = first(certificates.items);
assert.deepEqual([certificate.stars, certificate.valid_until, certificate.state], [3, "2024-02-22", "valid"]);

// 5. Stamps are ordered, issued, bound to a lot, and scanned.
let order = await done(producer.POST("/api/v1/stamp-orders", { body: { product_id: product, quantity: 1000 } }));
order = await done(office.POST("/api/v1/stamp-orders/{id}/issue", { params: of(order), body: {} }));
const { it: lot } = await done(producer.POST("/api/v1/lots", {
  body: {
    product_id: product,
    code: "M01",
    produced_on: "2021-02-20",
    expires_on: "2022-02-19",
    quantity: 1000,
    unit: "lọ",
  },
}));
const range = { from: 1, to: 500, lot_id: lot.id };
order = await done(producer.POST("/api/v1/stamp-orders/{id}/activate", { params: of(order), body: range }));
assert.deepEqual([order.it.activated, order.it.void], [500, 0]);
const ofOrder = { params: { path: { id: order.it.id } }, parseAs: "text" as const };
const { it: codes } = await done(producer.GET("/api/v1/stamp-orders/{id}/codes.csv", ofOrder));
const code = codes.split("\n")[1]?.split(",")[1];
assert.ok(code);
// As an app does: what a script of a web page asks for by itself, as node's `fetch` says of itself, is not counted.
const { it: stamp } = await done(anybody.POST("/t/{code}/scans", {
  params: { path: { code } },
  body: { lat: 18.45, lon: 105.3 },
}));
assert.deepEqual(
  [stamp.verdict, stamp.product?.stars, stamp.certificate?.number, stamp.lot?.code, stamp.scans.count],
  ["genuine", 3, certificate.number, "M01", 1],
);
console.log(`the whole path by a TypeScript client: ${made.code}, ${certificate.number}, ${stamp.verdict}`);
