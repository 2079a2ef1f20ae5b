//! Pictures for the demo's products: flat drawings, one for each kind of thing, in colours by the product's code. Nobody
//! shall take them for photographs of what the producers really make.

use std::collections::HashMap;

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use image::{DynamicImage, Rgb, Rgb32FImage};

use crate::base::{Error, Result};
use crate::files::Folder;
use crate::product::ProductRow;
use crate::product::shape::Shaped;
use crate::product::sizes::{self, StoredSizes};

const WIDTH: u16 = 800;
const HEIGHT: u16 = 600;

/// What a drawing shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumIter, strum::AsRefStr)]
#[strum(serialize_all = "snake_case")]
enum Thing {
    Jar,
    Bottle,
    Bag,
    Carton,
    Fruit,
    Eggs,
    Basket,
    Cloth,
    Village,
}

impl Thing {
    /// What stands for the products of a criteria set.
    fn of(criteria_set: &str) -> Self {
        match criteria_set {
            "mat-ong"
            | "gia-vi-khac"
            | "thao-duoc-khac"
            | "tinh-dau-va-duoc-lieu-khac"
            | "thuc-pham-chuc-nang-thuoc-duoc-lieu-yhct" => Self::Jar,
            "ruou-trang"
            | "do-uong-co-con-khac"
            | "do-uong-khong-con"
            | "nuoc-khoang-nuoc-uong-tinh-khiet"
            | "my-pham"
            | "tuong-nuoc-mam-gia-vi-long" => Self::Bottle,
            "do-an-nhanh"
            | "che-bien-tu-thit-trung-sua"
            | "che-bien-tu-thit-thuy-san-trung-sua-cac-san-pham-tu-mat-ong" => Self::Carton,
            "rau-cu-qua-hat-tuoi" => Self::Fruit,
            "thit-trung-sua-tuoi" | "thit-thuy-san-trung-sua-tuoi" => Self::Eggs,
            "thu-cong-my-nghe" | "thu-cong-my-nghe-gia-dung" | "thu-cong-my-nghe-trang-tri" | "hoa" => Self::Basket,
            "vai-may-mac" | "trang-thiet-bi-dung-cu-y-te" => Self::Cloth,
            "du-lich-cong-dong-diem-du-lich" => Self::Village,
            _ => Self::Bag,
        }
    }

    /// Body, edge and mark of each of its colourings.
    fn colours(self) -> [[Colour; 3]; VARIANTS] {
        match self {
            Self::Jar => [
                [[222, 158, 54], [122, 74, 36], [196, 112, 32]],
                [[196, 120, 48], [92, 62, 40], [128, 142, 64]],
                [[206, 146, 96], [78, 92, 60], [160, 80, 52]],
            ],
            Self::Bottle => [
                [[116, 158, 122], [60, 88, 70], [96, 140, 104]],
                [[142, 178, 196], [62, 92, 116], [84, 134, 164]],
                [[206, 150, 88], [118, 72, 44], [190, 116, 54]],
            ],
            Self::Bag => [
                [[132, 150, 92], [84, 102, 62], [112, 138, 72]],
                [[188, 122, 82], [126, 74, 48], [172, 98, 58]],
                [[206, 176, 118], [140, 108, 62], [150, 128, 62]],
            ],
            Self::Carton => [
                [[198, 138, 92], [152, 98, 62], [176, 72, 52]],
                [[176, 92, 72], [132, 62, 50], [206, 150, 62]],
                [[204, 172, 112], [160, 128, 74], [110, 134, 78]],
            ],
            Self::Fruit => [
                [[232, 148, 54], [122, 96, 54], [104, 144, 74]],
                [[166, 186, 88], [102, 92, 56], [92, 134, 72]],
                [[214, 104, 62], [112, 86, 54], [116, 146, 80]],
            ],
            Self::Eggs => [
                [[234, 206, 172], [150, 108, 70], [116, 80, 50]],
                [[222, 188, 150], [122, 116, 84], [90, 86, 60]],
                [[240, 220, 192], [162, 122, 88], [128, 92, 64]],
            ],
            Self::Basket => [
                [[208, 172, 112], [158, 118, 66], [180, 92, 62]],
                [[194, 158, 104], [132, 100, 62], [112, 134, 86]],
                [[216, 186, 132], [168, 130, 82], [88, 122, 138]],
            ],
            Self::Cloth => [
                [[92, 124, 146], [62, 88, 108], [198, 130, 82]],
                [[156, 102, 110], [114, 70, 80], [208, 172, 112]],
                [[118, 142, 106], [82, 104, 74], [214, 186, 140]],
            ],
            Self::Village => [
                [[142, 172, 122], [98, 134, 92], [196, 98, 66]],
                [[124, 164, 140], [84, 126, 106], [206, 120, 74]],
                [[162, 178, 112], [116, 138, 80], [178, 84, 62]],
            ],
        }
    }

    /// Its outlines, the farthest first.
    fn outlines(self) -> &'static [(Ink, &'static str)] {
        match self {
            Self::Jar => JAR,
            Self::Bottle => BOTTLE,
            Self::Bag => BAG,
            Self::Carton => CARTON,
            Self::Fruit => FRUIT,
            Self::Eggs => EGGS,
            Self::Basket => BASKET,
            Self::Cloth => CLOTH,
            Self::Village => VILLAGE,
        }
    }
}

type Colour = [u8; 3];

/// Each thing is coloured in so many ways.
const VARIANTS: usize = 3;

/// Wall and table of each colouring.
const ROOMS: [[Colour; 2]; VARIANTS] =
    [[[240, 232, 214], [222, 208, 182]], [[228, 234, 226], [202, 212, 198]], [[230, 234, 238], [206, 212, 220]]];
const PAPER: Colour = [251, 247, 238];
const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [0, 0, 0];

/// What an outline is filled with.
#[derive(Clone, Copy)]
enum Ink {
    Table,
    Halo,
    Shadow,
    Body,
    Shine,
    Edge,
    Mark,
    Paper,
}

// Outlines as in SVG, of M, L and Q; O draws an ellipse by its centre and its radii.
const ROOM: &[(Ink, &str)] = &[
    (Ink::Halo, "O 400 290 236 236"),
    (Ink::Table, "M 0 440 L 800 440 L 800 600 L 0 600"),
    (Ink::Shadow, "O 410 507 200 17"),
];
const JAR: &[(Ink, &str)] = &[
    (
        Ink::Body,
        "M 310 215 L 490 215 Q 540 228 540 280 L 540 462 Q 540 507 495 507 L 305 507 Q 260 507 260 462 L 260 280 \
         Q 260 228 310 215",
    ),
    (Ink::Shine, "M 282 286 Q 282 258 302 252 L 302 470 Q 282 468 282 446"),
    (
        Ink::Edge,
        "M 298 158 L 502 158 Q 516 158 516 172 L 516 204 Q 516 218 502 218 L 298 218 Q 284 218 284 204 L 284 172 \
         Q 284 158 298 158",
    ),
    (Ink::Paper, "M 260 312 L 540 312 L 540 436 L 260 436"),
    (Ink::Mark, "M 342 374 Q 400 304 458 374 Q 400 444 342 374"),
    (Ink::Paper, "M 356 372 L 444 372 L 444 376 L 356 376"),
];
const BOTTLE: &[(Ink, &str)] = &[
    (
        Ink::Body,
        "M 370 120 L 430 120 L 430 200 Q 430 236 462 260 Q 492 284 492 322 L 492 480 Q 492 507 465 507 L 335 507 \
         Q 308 507 308 480 L 308 322 Q 308 284 338 260 Q 370 236 370 200",
    ),
    (Ink::Shine, "M 326 330 Q 328 298 344 284 L 344 480 Q 326 480 326 462"),
    (Ink::Edge, "M 370 82 L 430 82 Q 438 82 438 90 L 438 140 L 362 140 L 362 90 Q 362 82 370 82"),
    (Ink::Paper, "M 308 342 L 492 342 L 492 456 L 308 456"),
    (Ink::Mark, "M 400 354 Q 432 392 432 412 Q 432 442 400 442 Q 368 442 368 412 Q 368 392 400 354"),
];
const BAG: &[(Ink, &str)] = &[
    (Ink::Body, "M 288 140 L 512 140 L 540 478 Q 542 507 512 507 L 288 507 Q 258 507 260 478"),
    (Ink::Edge, "M 288 140 L 512 140 L 515 178 L 285 178"),
    (Ink::Shine, "M 285 178 L 515 178 L 516 186 L 284 186"),
    (Ink::Paper, "O 400 344 92 92"),
    (Ink::Mark, "M 336 344 Q 400 264 464 344 Q 400 424 336 344"),
    (Ink::Paper, "M 350 342 L 450 342 L 450 346 L 350 346"),
];
const CARTON: &[(Ink, &str)] = &[
    (Ink::Body, "M 262 258 L 526 258 L 526 507 L 262 507"),
    (Ink::Shine, "M 262 258 L 306 200 L 570 200 L 526 258"),
    (Ink::Edge, "M 526 258 L 570 200 L 570 446 L 526 507"),
    (Ink::Paper, "M 352 258 L 396 200 L 480 200 L 436 258"),
    (Ink::Paper, "M 352 258 L 436 258 L 436 507 L 352 507"),
    (Ink::Mark, "O 394 382 32 32"),
    (Ink::Paper, "O 394 382 14 14"),
];
const FRUIT: &[(Ink, &str)] = &[
    (Ink::Body, "O 400 330 92 86"),
    (Ink::Shine, "O 370 298 24 16"),
    (Ink::Edge, "M 394 252 L 402 222 L 410 224 L 404 254"),
    (Ink::Mark, "M 404 246 Q 452 190 516 220 Q 470 272 404 246"),
    (Ink::Body, "O 310 422 94 86"),
    (Ink::Shine, "O 278 390 24 16"),
    (Ink::Body, "O 492 422 94 86"),
    (Ink::Shine, "O 460 390 24 16"),
];
const EGGS: &[(Ink, &str)] = &[
    (Ink::Body, "O 400 312 56 72"),
    (Ink::Body, "O 316 352 56 72"),
    (Ink::Body, "O 484 352 56 72"),
    (Ink::Shine, "O 384 282 13 18"),
    (Ink::Shine, "O 300 322 13 18"),
    (Ink::Shine, "O 468 322 13 18"),
    (Ink::Edge, "M 232 372 L 568 372 Q 556 500 452 507 L 348 507 Q 244 500 232 372"),
    (Ink::Mark, "M 232 372 L 568 372 L 565 398 L 235 398"),
    (Ink::Shine, "M 250 434 L 550 434 L 547 440 L 253 440"),
    (Ink::Shine, "M 272 470 L 528 470 L 522 476 L 278 476"),
];
const BASKET: &[(Ink, &str)] = &[
    (Ink::Edge, "M 268 304 Q 262 128 400 128 Q 538 128 532 304 L 508 304 Q 512 156 400 156 Q 288 156 292 304"),
    (Ink::Body, "M 236 300 L 564 300 L 526 507 L 274 507"),
    (Ink::Edge, "M 243 340 L 557 340 L 553 360 L 247 360"),
    (Ink::Mark, "M 251 386 L 549 386 L 544 412 L 256 412"),
    (Ink::Edge, "M 260 438 L 540 438 L 536 458 L 264 458"),
    (Ink::Shine, "M 228 288 L 572 288 Q 580 300 572 314 L 228 314 Q 220 300 228 288"),
];
const CLOTH: &[(Ink, &str)] = &[
    (
        Ink::Body,
        "M 262 437 L 538 437 Q 566 437 566 472 Q 566 507 538 507 L 262 507 Q 234 507 234 472 Q 234 437 262 437",
    ),
    (Ink::Edge, "M 300 437 L 318 437 L 318 507 L 300 507"),
    (Ink::Edge, "M 330 437 L 336 437 L 336 507 L 330 507"),
    (
        Ink::Paper,
        "M 272 367 L 528 367 Q 556 367 556 402 Q 556 437 528 437 L 272 437 Q 244 437 244 402 Q 244 367 272 367",
    ),
    (Ink::Mark, "M 244 396 L 556 396 L 556 408 L 244 408"),
    (
        Ink::Mark,
        "M 268 297 L 532 297 Q 560 297 560 332 Q 560 367 532 367 L 268 367 Q 240 367 240 332 Q 240 297 268 297",
    ),
    (Ink::Paper, "M 464 297 L 482 297 L 482 367 L 464 367"),
    (Ink::Paper, "M 494 297 L 500 297 L 500 367 L 494 367"),
];
const VILLAGE: &[(Ink, &str)] = &[
    (Ink::Mark, "O 570 170 54 54"),
    (Ink::Body, "M 0 420 Q 150 220 320 360 Q 500 170 800 390 L 800 600 L 0 600"),
    (Ink::Shine, "M 0 470 Q 200 380 420 440 Q 620 380 800 430 L 800 600 L 0 600"),
    (Ink::Paper, "M 336 376 L 464 376 L 464 470 L 336 470"),
    (Ink::Mark, "M 312 380 L 400 312 L 488 380"),
    (Ink::Edge, "M 386 414 L 416 414 L 416 470 L 386 470"),
    (Ink::Edge, "M 0 520 Q 260 430 500 490 Q 680 440 800 500 L 800 600 L 0 600"),
];

/// The drawings that were made so far; products that look alike share one's files.
#[derive(Default)]
pub struct Drawings(HashMap<(Thing, usize), StoredSizes>);

impl Drawings {
    /// The drawing of a product, with its sizes stored.
    pub fn of(&mut self, folder: &Folder, product: &ProductRow) -> Result<StoredSizes> {
        let thing = Thing::of(&product.criteria_set);
        let variant = product.code.bytes().map(usize::from).sum::<usize>() % VARIANTS;
        if let Some(kept) = self.0.get(&(thing, variant)) {
            return Ok(kept.clone());
        }
        let name = format!("drawing-{}.jpg", thing.as_ref());
        let (kept, unnamed) = sizes::keep(folder, &drawn(thing, variant)?, &name)?;
        // The first product that looks like this writes the rows, in a moment.
        unnamed.named();
        self.0.insert((thing, variant), kept.clone());
        Ok(kept)
    }
}

fn drawn(thing: Thing, variant: usize) -> Result<Shaped> {
    let chosen = ROOMS.get(variant).copied().zip(thing.colours().get(variant).copied());
    let ([wall, table], [body, edge, mark]) = chosen.ok_or_else(|| Error::internal("no such colouring"))?;
    let mut sheet = Rgb32FImage::from_pixel(u32::from(WIDTH), u32::from(HEIGHT), Rgb(light(wall)));
    for (ink, outline) in ROOM.iter().chain(thing.outlines()) {
        let colour = match ink {
            Ink::Table => light(table),
            Ink::Halo => between(light(wall), light(WHITE), 0.45),
            Ink::Shadow => between(light(table), light(BLACK), 0.16),
            Ink::Body => light(body),
            Ink::Shine => between(light(body), light(WHITE), 0.3),
            Ink::Edge => light(edge),
            Ink::Mark => light(mark),
            Ink::Paper => light(PAPER),
        };
        fill(&mut sheet, outline, colour)?;
    }
    Shaped::drawn(&DynamicImage::ImageRgb32F(sheet))
}

fn light(colour: Colour) -> [f32; 3] {
    colour.map(|shade| f32::from(shade) / 255.0)
}

fn between([red, green, blue]: [f32; 3], [to_red, to_green, to_blue]: [f32; 3], share: f32) -> [f32; 3] {
    let mixed = |from: f32, to: f32| from + (to - from) * share;
    [mixed(red, to_red), mixed(green, to_green), mixed(blue, to_blue)]
}

/// A step of an outline; its numbers are the pixels of the sheet.
enum Stroke {
    Move([u16; 2]),
    Line([u16; 2]),
    Curve([u16; 4]),
    Ellipse([u16; 4]),
}

impl Stroke {
    fn read<'a>(letter: &str, words: &mut impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut number = || words.next()?.parse().ok();
        Some(match letter {
            "M" => Self::Move([number()?, number()?]),
            "L" => Self::Line([number()?, number()?]),
            "Q" => Self::Curve([number()?, number()?, number()?, number()?]),
            "O" => Self::Ellipse([number()?, number()?, number()?, number()?]),
            _ => return None,
        })
    }

    /// Points between which it lies.
    fn corners(&self) -> [[u16; 2]; 2] {
        match *self {
            Self::Move(to) | Self::Line(to) => [to, to],
            Self::Curve([by_x, by_y, x, y]) => [[by_x, by_y], [x, y]],
            Self::Ellipse([x, y, across, down]) => {
                [[x.saturating_sub(across), y.saturating_sub(down)], [x.saturating_add(across), y.saturating_add(down)]]
            }
        }
    }
}

/// Fills an outline; its edges are smooth.
fn fill(sheet: &mut Rgb32FImage, outline: &str, colour: [f32; 3]) -> Result<()> {
    let mut words = outline.split_ascii_whitespace();
    let mut steps = Vec::new();
    while let Some(letter) = words.next() {
        let step = Stroke::read(letter, &mut words);
        steps.push(step.ok_or_else(|| Error::internal(format!("an outline that cannot be drawn: {outline}")))?);
    }
    // Only where the outline lies is there something to fill.
    let corners = || steps.iter().flat_map(Stroke::corners);
    let left = corners().map(|[x, _]| x).min().unwrap_or(0);
    let right = corners().map(|[x, _]| x).max().unwrap_or(0).min(WIDTH);
    let top = corners().map(|[_, y]| y).min().unwrap_or(0);
    let bottom = corners().map(|[_, y]| y).max().unwrap_or(0).min(HEIGHT);
    let (width, height) = (right.saturating_sub(left), bottom.saturating_sub(top));
    let mut pen = Pen::new(Rasterizer::new(width.into(), height.into()), left, top);
    steps.iter().for_each(|step| pen.draw(step));
    pen.close();
    let mut shares = Vec::with_capacity(usize::from(width) * usize::from(height));
    pen.raster.for_each_pixel(|_, share| shares.push(share));
    let rows = shares.chunks(usize::from(width).max(1));
    for (pixels, row) in sheet.rows_mut().skip(top.into()).zip(rows) {
        for (pixel, share) in pixels.skip(left.into()).zip(row).filter(|(_, share)| **share > 0.0) {
            pixel.0 = if *share >= 1.0 { colour } else { between(pixel.0, colour, *share) };
        }
    }
    Ok(())
}

struct Pen {
    raster: Rasterizer,
    corner: Point,
    began: Point,
    at: Point,
}

impl Pen {
    fn new(raster: Rasterizer, left: u16, top: u16) -> Self {
        let corner = point(left.into(), top.into());
        Self { raster, corner, began: point(0.0, 0.0), at: point(0.0, 0.0) }
    }

    fn draw(&mut self, step: &Stroke) {
        let corner = self.corner;
        let on = |x: u16, y: u16| point(f32::from(x) - corner.x, f32::from(y) - corner.y);
        match *step {
            Stroke::Move([x, y]) => {
                self.close();
                (self.began, self.at) = (on(x, y), on(x, y));
            }
            Stroke::Line([x, y]) => {
                self.raster.draw_line(self.at, on(x, y));
                self.at = on(x, y);
            }
            Stroke::Curve([by_x, by_y, x, y]) => {
                self.raster.draw_quad(self.at, on(by_x, by_y), on(x, y));
                self.at = on(x, y);
            }
            Stroke::Ellipse([x, y, across, down]) => self.ellipse(on(x, y), across.into(), down.into()),
        }
    }

    fn close(&mut self) {
        self.raster.draw_line(self.at, self.began);
        self.at = self.began;
    }

    fn ellipse(&mut self, centre: Point, wide: f32, high: f32) {
        /// With handles this long four curves are round.
        const HANDLE: f32 = 0.552_284_8;
        let on = |across: f32, down: f32| point(centre.x + wide * across, centre.y + high * down);
        for (across, down) in [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0_f32)] {
            // The next quarter begins a right angle further.
            let (next_across, next_down) = (-down, across);
            self.raster.draw_cubic(
                on(across, down),
                on(across + next_across * HANDLE, down + next_down * HANDLE),
                on(next_across + across * HANDLE, next_down + down * HANDLE),
                on(next_across, next_down),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use strum::IntoEnumIterator;

    #[test]
    fn every_thing_is_drawn_in_every_colouring_and_none_like_another() {
        let mut seen = BTreeSet::new();
        for thing in Thing::iter() {
            for variant in 0..VARIANTS {
                let jpeg = drawn(thing, variant).unwrap().jpeg().unwrap();
                assert!(seen.insert(jpeg), "{thing:?} {variant}");
            }
        }
    }
}
