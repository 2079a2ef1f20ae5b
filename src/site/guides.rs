//! `/guides`: how each role works with the service, from the same texts that stand in `docs/vi`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::{HttpResponse, get};
use askama::Template;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::base::{Error, Result, text};
use crate::http::{Language, PathParam, Problem, Refusals, Visitor};
use crate::page::frame::PARTS;
use crate::page::{Frame, Section, kept, texts};

/// The overview, and the guides by their names.
const OVERVIEW: &str = include_str!("../../docs/vi/README.md");
const GUIDES: [(&str, &str); 8] = [
    ("chu-the", include_str!("../../docs/vi/chu-the.md")),
    ("can-bo-xa", include_str!("../../docs/vi/can-bo-xa.md")),
    ("can-bo-huyen", include_str!("../../docs/vi/can-bo-huyen.md")),
    ("thanh-vien-hoi-dong", include_str!("../../docs/vi/thanh-vien-hoi-dong.md")),
    ("van-phong-tinh", include_str!("../../docs/vi/van-phong-tinh.md")),
    ("kiem-tra", include_str!("../../docs/vi/kiem-tra.md")),
    ("quan-tri-vien", include_str!("../../docs/vi/quan-tri-vien.md")),
    ("nguoi-mua", include_str!("../../docs/vi/nguoi-mua.md")),
];

/// A guide (hướng dẫn), ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Guide {
    title: String,
    html: String,
}

/// All guides, the overview under no name. They are made once.
static READY: LazyLock<BTreeMap<&str, Guide>> =
    LazyLock::new(|| [("", OVERVIEW)].into_iter().chain(GUIDES).map(|(name, text)| (name, made(text))).collect());

#[derive(Template)]
#[template(path = "guide.html")]
struct GuidePage<'a> {
    frame: Frame,
    t: &'static texts::Guides,
    guide: &'a Guide,
    is_overview: bool,
}

impl GuidePage<'_> {
    fn is_foreign(&self) -> bool {
        self.frame.language != Language::Vietnamese
    }
}

/// Which guides there are, and what they share.
#[utoipa::path(tag = "pages", security(()), responses((status = 200, content_type = "text/html", body = String), Refusals))]
#[get("/guides")]
pub async fn overview(visitor: Visitor) -> Result<HttpResponse, Problem> {
    Ok(shown(&visitor, "")?)
}

/// The guide of one role.
#[utoipa::path(tag = "pages", security(()), responses((status = 200, content_type = "text/html", body = String), Refusals))]
#[get("/guides/{name}")]
pub async fn read(visitor: Visitor, name: PathParam<String>) -> Result<HttpResponse, Problem> {
    Ok(shown(&visitor, &name.get()?)?)
}

fn shown(visitor: &Visitor, name: &str) -> Result<HttpResponse> {
    let guide = READY.get(name).ok_or_else(Error::unknown)?;
    let frame = Frame::new(&visitor.app, &visitor.request, Section::Guides).canonical(&address(name));
    let page = GuidePage { t: &frame.texts.guides, guide, is_overview: name.is_empty(), frame };
    let html = page.render().map_err(Error::internal)?;
    Ok(kept(&visitor.request, &page.frame, html))
}

/// The address of a guide; of the overview under no name.
pub fn address(name: &str) -> String {
    if name.is_empty() { "/guides".to_owned() } else { format!("/guides/{name}") }
}

/// The addresses of the guides below the overview, which is a part of the site.
pub fn addresses() -> impl Iterator<Item = String> {
    READY.keys().filter(|name| !name.is_empty()).map(|name| address(name))
}

/// Whether a guide has a section of this name.
pub fn has_section(name: &str, section: &str) -> bool {
    READY.get(name).is_some_and(|guide| guide.html.contains(&format!("<h2 id=\"{section}\">")))
}

/// Whether a text is the address of a page; where a guide names one it leads there.
fn is_page(text: &str) -> bool {
    ["/", "/docs/", "/desk", "/register"].contains(&text) || PARTS.iter().any(|part| part.address == text)
}

/// A guide without the names of its pictures, which the tests of the browser take and no page shows.
fn without_pictures(markdown: &str) -> String {
    let mut parts = markdown.split(" (ảnh: `");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(part.split_once("`)").map_or(part, |(_, rest)| rest));
    }
    kept
}

/// Makes a page's inside of a guide's Markdown. HTML in it is shown as text.
fn made(markdown: &str) -> Guide {
    let markdown = without_pictures(markdown);
    let mut events: Vec<Event> = Parser::new_ext(&markdown, Options::ENABLE_TABLES).map(plain).collect();
    let title = name_headings(&mut events);
    let mut page = Vec::new();
    let (mut tables, mut in_head) = (0, false);
    for event in events {
        match event {
            Event::Start(Tag::Table(columns)) => {
                // A wide table is moved within its own frame, by keys too; the page stays where it is.
                tables += 1;
                page.push(raw(format!(r#"<div class="wide" role="region" tabindex="0" aria-label="Bảng {tables}">"#)));
                page.push(Event::Start(Tag::Table(vec![pulldown_cmark::Alignment::None; columns.len()])));
            }
            Event::End(TagEnd::Table) => page.extend([Event::End(TagEnd::Table), raw("</div>\n")]),
            Event::Start(Tag::TableHead) => {
                in_head = true;
                page.push(event);
            }
            Event::End(TagEnd::TableHead) => {
                in_head = false;
                page.push(event);
            }
            Event::Start(Tag::TableCell) if in_head => page.push(raw(r#"<th scope="col">"#)),
            Event::End(TagEnd::TableCell) if in_head => page.push(raw("</th>")),
            Event::Code(ref code) if is_page(code) => {
                page.extend([raw(format!(r#"<a href="{code}">"#)), event.clone(), raw("</a>")]);
            }
            event => page.push(event),
        }
    }
    let mut inside = String::new();
    html::push_html(&mut inside, page.into_iter());
    Guide { title, html: inside }
}

/// HTML of our own.
fn raw<'a>(text: impl Into<CowStr<'a>>) -> Event<'a> {
    Event::Html(text.into())
}

/// Markup of a guide as text, and its links to other guides as the site has them.
fn plain(event: Event) -> Event {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: led_on(&dest_url).into(), title, id })
        }
        event => event,
    }
}

/// Where a link of a guide leads on the site.
fn led_on(address: &str) -> String {
    let (file, place) = address.split_once('#').map_or((address, None), |(file, place)| (file, Some(place)));
    let Some(name) = file.strip_suffix(".md").filter(|name| !name.contains('/')) else { return address.to_owned() };
    let page = self::address(if name == "README" { "" } else { name });
    place.map_or_else(|| page.clone(), |place| format!("{page}#{place}"))
}

/// Gives each heading an address of its own by its words; the first heading is returned.
fn name_headings(events: &mut [Event]) -> String {
    let headings: Vec<String> = events
        .split(|event| matches!(event, Event::Start(Tag::Heading { .. })))
        .skip(1)
        .map(|rest| {
            let inside = rest.iter().take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
            let words = inside.filter_map(|event| match event {
                Event::Text(words) | Event::Code(words) => Some(words.as_ref()),
                _ => None,
            });
            words.collect()
        })
        .collect();
    let mut used = BTreeMap::new();
    let named = events.iter_mut().filter_map(|event| match event {
        Event::Start(Tag::Heading { id, level, .. }) => Some((id, level)),
        _ => None,
    });
    for ((id, level), words) in named.zip(&headings) {
        // The page has one heading of the first level.
        if *level != HeadingLevel::H1 {
            let slug = slug(words);
            let times: &mut u32 = used.entry(slug.clone()).or_insert(0);
            *times += 1;
            *id = Some(if *times == 1 { slug } else { format!("{slug}-{times}") }.into());
        }
    }
    headings.into_iter().next().unwrap_or_default()
}

fn slug(words: &str) -> String {
    let folded = text::fold(words);
    let parts = folded.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_sites_guides() {
        for (from, to) in [
            ("chu-the.md", "/guides/chu-the"),
            ("README.md", "/guides"),
            ("README.md#khi-bi-tu-choi", "/guides#khi-bi-tu-choi"),
            ("#tai-cho", "#tai-cho"),
            ("/docs/", "/docs/"),
        ] {
            assert_eq!(led_on(from), to);
        }
    }

    #[test]
    fn markup_is_shown_as_text_and_tables_stand_in_frames() {
        let guide = made(
            "# Chủ *thể*\n\nXem <script>alert(1)</script> và <b>đậm</b> `a<b`\n\n## Việc\n\n## Việc\n\n\
             | a | b |\n|--:|---|\n| 1 | `/products` |\n",
        );
        assert_eq!(guide.title, "Chủ thể");
        for expected in [
            "<h1>Chủ <em>thể</em></h1>",
            "&lt;script&gt;",
            "&lt;b&gt;đậm&lt;/b&gt;",
            "<code>a&lt;b</code>",
            r#"<h2 id="viec">"#,
            r#"<h2 id="viec-2">"#,
            r#"role="region" tabindex="0" aria-label="Bảng 1""#,
            r#"<th scope="col">a</th>"#,
            r#"<a href="/products"><code>/products</code></a>"#,
        ] {
            assert!(guide.html.contains(expected), "{expected}: {}", guide.html);
        }
        for unwanted in ["<script", "<b>", "style="] {
            assert!(!guide.html.contains(unwanted), "{unwanted}: {}", guide.html);
        }
    }

    #[test]
    fn every_guide_of_the_folder_is_there_and_every_link_leads_somewhere() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/vi");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap().replace("README", "").replace(".md", ""))
            .collect();
        files.sort();
        assert_eq!(READY.keys().copied().collect::<Vec<_>>(), files);
        for (name, guide) in READY.iter() {
            assert_eq!(guide.html.matches("<h1").count(), 1, "{name}");
            for link in guide.html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
                let (page, place) = link.split_once('#').map_or((link, None), |(page, place)| (page, Some(place)));
                let led = if page.is_empty() { address(name) } else { page.to_owned() };
                let Some((_, other)) = READY.iter().find(|(name, _)| address(name) == led) else {
                    assert!(is_page(&led), "{name}: {link}");
                    continue;
                };
                if let Some(place) = place {
                    assert!(other.html.contains(&format!("id=\"{place}\"")), "{name}: {link}");
                }
            }
        }
    }
}
