//! The mark of a restore that goes on, or broke off: over a place that has it nothing starts.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::base::{Error, Result, say};
use crate::files::folder::{failed, sync_folder};

fn mark(data_dir: &Path) -> PathBuf {
    data_dir.join("restore-unfinished")
}

/// Begins a restore; what it makes outside of the folder is noted, so that it is named where the restore breaks off.
pub fn begin(data_dir: &Path, outside: &[String]) -> Result<()> {
    let path = mark(data_dir);
    std::fs::create_dir_all(data_dir)
        .and_then(|()| {
            let mut file = std::fs::File::create_new(&path)?;
            outside.iter().try_for_each(|place| writeln!(file, "{place}"))?;
            file.sync_all()
        })
        .and_then(|()| sync_folder(data_dir))
        .map_err(|error| failed("write", &path, error))
}

pub fn end(data_dir: &Path) -> Result<()> {
    let path = mark(data_dir);
    std::fs::remove_file(&path).and_then(|()| sync_folder(data_dir)).map_err(|error| failed("remove", &path, error))
}

/// Fails where a restore did not come to its end.
pub fn must_be_whole(data_dir: &Path) -> Result<()> {
    let path = mark(data_dir);
    match std::fs::read(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed("read", &path, error)),
        Ok(outside) => {
            let outside = String::from_utf8_lossy(&outside).lines().collect::<Vec<_>>().join(", ");
            Err(Error::at_hand(say(
                format!(
                    "Việc khôi phục vào {} đã dở dang, nên dữ liệu ở đó chưa đủ: xóa hết trong thư mục ấy, và những gì việc \
                     khôi phục để lại ở nơi khác ({outside}), rồi khôi phục lại.",
                    data_dir.display()
                ),
                format!(
                    "A restore into {} broke off, so what is there is not whole: empty that folder and what the restore left \
                     elsewhere ({outside}), and restore again.",
                    data_dir.display()
                ),
            )))
        }
    }
}
