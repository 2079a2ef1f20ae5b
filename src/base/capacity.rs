//! How much may be stored: a reserve of the disk that no upload takes, and bounds of what a producer and the public store.
//!
//! A full disk stops more than uploads: the database cannot write. What is refused is told before anything of it is read.

use std::path::Path;

use clap::Args;

use crate::base::{Error, Kind, Message, Result, say};

pub const MEBIBYTE: u64 = 1024 * 1024;

/// In mebibytes.
#[derive(Debug, Clone, Copy, Args)]
pub struct Capacity {
    /// How many MiB of the disk are kept free: uploads are refused (507) before less is left.
    #[arg(long, env = "OCOP_DISK_RESERVE", default_value_t = 1024)]
    disk_reserve: u64,

    /// How many MiB of documents and pictures a producer may store.
    #[arg(long, env = "OCOP_PRODUCER_QUOTA", default_value_t = 4096)]
    producer_quota: u64,

    /// How many MiB of photographs the public may send with doubts, all that are kept together.
    #[arg(long, env = "OCOP_PUBLIC_QUOTA", default_value_t = 2048)]
    public_quota: u64,
}

impl Default for Capacity {
    /// As the settings have it where nobody sets them.
    fn default() -> Self {
        Self { disk_reserve: 1024, producer_quota: 4096, public_quota: 2048 }
    }
}

impl Capacity {
    /// 507 where a file of so many bytes would take of the reserve.
    pub fn must_have_disk(self, folder: &Path, largest: u64) -> Result<()> {
        let free = free(folder)?;
        if free >= self.disk_reserve.saturating_mul(MEBIBYTE).saturating_add(largest) {
            return Ok(());
        }
        tracing::error!(free_mebibytes = free / MEBIBYTE, "the disk is nearly full; uploads are refused");
        Err(storage_full())
    }

    /// 507 where a producer stored as much as one may.
    pub fn must_take_of_producer(self, stored: i64) -> Result<()> {
        let quota = self.producer_quota;
        let detail = say(
            format!("Chủ thể đã lưu đủ {quota} MiB tài liệu và ảnh; xin xóa bớt, hoặc nhờ văn phòng nâng mức."),
            format!(
                "The producer has stored {quota} MiB of documents and pictures; remove some, or ask the office for more."
            ),
        );
        within(stored, quota, "producer_quota_used", detail)
    }

    /// 507 where the public stored as much as it may.
    pub fn must_take_of_public(self, stored: i64) -> Result<()> {
        let detail = say(
            "Lúc này không nhận thêm ảnh; xin gửi phản ánh không kèm ảnh.",
            "No more photographs are taken now; please send the report without one.",
        );
        within(stored, self.public_quota, "public_quota_used", detail)
    }
}

fn within(stored: i64, quota: u64, code: &'static str, detail: Message) -> Result<()> {
    let is_within = u64::try_from(stored).is_ok_and(|stored| stored < quota.saturating_mul(MEBIBYTE));
    if is_within { Ok(()) } else { Err(Error::refused(Kind::StorageFull, code, detail)) }
}

/// 507 for a file that the disk has no room for.
pub fn storage_full() -> Error {
    Error::refused(
        Kind::StorageFull,
        "storage_full",
        say(
            "Máy chủ sắp hết chỗ lưu nên chưa nhận tệp; chưa có gì được ghi lại.",
            "The server is running out of room and takes no files; nothing was written.",
        ),
    )
}

/// The bytes that are left where a folder is, or will be made.
pub fn free(folder: &Path) -> Result<u64> {
    let existing = folder.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
    let told = rustix::fs::statvfs(existing)
        .map_err(|error| Error::internal(format!("cannot ask for the room of {}: {error}", existing.display())))?;
    Ok(told.f_bavail.saturating_mul(told.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_held_against_the_reserve() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("not/made/yet");
        let kept_free = |disk_reserve| Capacity { disk_reserve, ..Capacity::default() }.must_have_disk(&folder, 1);
        assert!(kept_free(0).is_ok());
        let refused = kept_free(u64::MAX).unwrap_err();
        assert_eq!(
            refused.refusal().map(|refusal| (refusal.code, refusal.kind)),
            Some(("storage_full", Kind::StorageFull))
        );
    }

    #[test]
    fn a_quota_is_used_up_when_as_much_is_stored() {
        let capacity = Capacity { producer_quota: 1, public_quota: 0, ..Capacity::default() };
        assert!(capacity.must_take_of_producer(1024 * 1024 - 1).is_ok());
        let code = |result: Result<()>| result.unwrap_err().refusal().map(|refusal| refusal.code);
        assert_eq!(code(capacity.must_take_of_producer(1024 * 1024)), Some("producer_quota_used"));
        assert_eq!(code(capacity.must_take_of_public(0)), Some("public_quota_used"));
    }
}
