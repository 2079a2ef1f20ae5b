//! Names of products and producers. Those that the province's reports name come first; the others are made up.

/// A product's name and the criteria set of its kind. The first ones are of producers that the reports name.
pub const PRODUCTS: &[(&str, &str)] = &[
    ("Mật ong", "mat-ong"),
    ("Nhung hươu tươi", "thit-trung-sua-tuoi"),
    ("Bánh đa vừng", "do-an-nhanh"),
    ("Bánh ram", "che-bien-tu-gao-ngu-coc"),
    ("Chẻo lạc", "gia-vi-khac"),
    ("Tinh bột nghệ", "thao-duoc-khac"),
    ("Sứa ăn liền", "che-bien-tu-thuy-hai-san"),
    ("Trầm hương nụ", "thu-cong-my-nghe-trang-tri"),
    ("Cam giòn", "rau-cu-qua-hat-tuoi"),
    ("Chè xanh sao", "che-tuoi-che-bien"),
    ("Kẹo cu đơ", "do-an-nhanh"),
    ("Bưởi quả", "rau-cu-qua-hat-tuoi"),
    ("Rượu nếp", "ruou-trang"),
    ("Tôm khô", "che-bien-tu-thuy-hai-san"),
    ("Giò bò", "che-bien-tu-thit-trung-sua"),
    ("Miến dong", "che-bien-tu-gao-ngu-coc"),
    ("Lạc rang", "che-bien-tu-rau-cu-qua-hat"),
    ("Ruốc cá", "che-bien-tu-thuy-hai-san"),
    ("Trà thảo mộc", "san-pham-khac-tu-che-tra"),
    ("Dầu gội bồ kết", "my-pham"),
    ("Nón lá", "thu-cong-my-nghe-gia-dung"),
    ("Chiếu cói", "thu-cong-my-nghe-gia-dung"),
    ("Nước ép cam", "do-uong-khong-con"),
    ("Trứng gà thả đồi", "thit-trung-sua-tuoi"),
    ("Mật ong nghệ", "mat-ong"),
    ("Muối tiêu rừng", "gia-vi-khac"),
    ("Khăn dệt tay", "vai-may-mac"),
    ("Nước tinh khiết", "nuoc-khoang-nuoc-uong-tinh-khiet"),
    ("Hồng sấy", "che-bien-tu-rau-cu-qua-hat"),
    ("Gối thảo dược", "trang-thiet-bi-dung-cu-y-te"),
    ("Cà phê rang", "ca-phe-ca-cao"),
    ("Điểm du lịch cộng đồng", "du-lich-cong-dong-diem-du-lich"),
];

/// Kinds of product whose criteria set is incomplete: they are registered, but cannot be scored yet.
pub const UNSCORED: &[(&str, &str)] = &[
    ("Nước mắm", "tuong-nuoc-mam-gia-vi-long"),
    ("Rượu mơ", "do-uong-co-con-khac"),
    ("Cao đinh lăng", "thuc-pham-chuc-nang-thuoc-duoc-lieu-yhct"),
];

/// Producers of the reports, with the place in [`PRODUCTS`] of what they are named for.
pub const KNOWN: &[(&str, usize)] = &[
    ("Cường Nga", 0),
    ("Hiền Ngọc", 1),
    ("Thuận Hà", 1),
    ("Nguyên Lâm", 2),
    ("Nam Chi", 3),
    ("Bà Châu", 4),
    ("An Tâm", 5),
    ("Mai Dung", 6),
    ("Tâm Thiên Hương", 7),
];
