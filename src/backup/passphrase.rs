//! The keys of a backup, under a passphrase: a stolen backup mints neither tokens nor stamps.

use std::io::BufRead;
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

use crate::backup::{damaged, failed, write_new};
use crate::base::keys::Keyring;
use crate::base::{Error, Result, say, text};

pub const NAME: &str = "keys.sealed";
/// Whoever tries passphrases needs so much memory for each.
const KIBIBYTES: u32 = 64 * 1024;
const PASSES: u32 = 3;
const SALT_LENGTH: usize = 16;
const SHORTEST: usize = 16;
/// Standard input, as other programs have it.
const STANDARD_INPUT: &str = "-";

/// What a backup's keys are sealed with.
pub struct Passphrase(String);

/// The keys as they lie in a backup.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedKeys {
    /// Of argon2id; its cost is that of the backup's form.
    salt: String,
    /// The nonce of AES-256-GCM and what it enciphered.
    sealed: String,
}

impl Passphrase {
    /// The first line of a file, or of standard input for `-`.
    pub fn read(source: &Path) -> Result<Self> {
        let mut line = String::new();
        let read = if source.as_os_str() == STANDARD_INPUT {
            std::io::stdin().lock().read_line(&mut line)
        } else {
            std::fs::File::open(source).and_then(|file| std::io::BufReader::new(file).read_line(&mut line))
        };
        read.map_err(|error| failed("read the passphrase from", source, error))?;
        Self::new(line.trim_end_matches(['\r', '\n']))
    }

    fn new(passphrase: &str) -> Result<Self> {
        // However the terminal writes its accents.
        let passphrase = text::compose(passphrase);
        if passphrase.chars().count() < SHORTEST {
            return Err(Error::at_hand(say(
                format!("Cụm mật khẩu của bản sao lưu cần ít nhất {SHORTEST} ký tự."),
                format!("The passphrase of a backup needs {SHORTEST} characters at least."),
            )));
        }
        Ok(Self(passphrase))
    }

    fn key(&self, salt: &[u8]) -> Result<RandomizedNonceKey> {
        let cost = Params::new(KIBIBYTES, PASSES, 1, Some(32)).map_err(Error::internal)?;
        let mut key = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, cost)
            .hash_password_into(self.0.as_bytes(), salt, &mut key)
            .map_err(Error::internal)?;
        RandomizedNonceKey::new(&AES_256_GCM, &key).map_err(|_| Error::internal("no key to seal with"))
    }

    /// Writes the keys into a backup, bound to its manifest: who changes the manifest needs the passphrase as well.
    pub fn seal(&self, keys: &Keyring, backup: &Path, manifest: &[u8]) -> Result<()> {
        let mut salt = [0; SALT_LENGTH];
        aws_lc_rs::rand::fill(&mut salt).map_err(|_| Error::internal("no random numbers for a salt"))?;
        let mut sealed = serde_json::to_vec(keys).map_err(Error::internal)?;
        let nonce = self
            .key(&salt)?
            .seal_in_place_append_tag(Aad::from(manifest), &mut sealed)
            .map_err(|_| Error::internal("the keys could not be sealed"))?;
        let sealed = BASE64.encode([nonce.as_ref().as_slice(), &sealed].concat());
        let text = serde_json::to_string_pretty(&SealedKeys { salt: BASE64.encode(salt), sealed });
        write_new(&backup.join(NAME), text.map_err(Error::internal)?.as_bytes())
    }

    /// The keys of a backup; refused where the passphrase is another, or where keys or manifest were changed.
    pub fn open(&self, backup: &Path, manifest: &[u8]) -> Result<Keyring> {
        let path = backup.join(NAME);
        let missing = |_| damaged(&path, "không đọc được", "cannot be read");
        let text = std::fs::read(&path).map_err(missing)?;
        let keys = serde_json::from_slice(&text).ok().and_then(|keys| self.opened(keys, manifest).transpose());
        keys.ok_or_else(|| {
            Error::at_hand(say(
                format!("Cụm mật khẩu không đúng, hoặc {NAME} hay manifest.json của bản sao lưu đã bị sửa."),
                format!("The passphrase is wrong, or {NAME} or manifest.json of the backup was changed."),
            ))
        })?
    }

    fn opened(&self, keys: SealedKeys, manifest: &[u8]) -> Result<Option<Keyring>> {
        let (Ok(salt), Ok(bytes)) = (BASE64.decode(keys.salt), BASE64.decode(keys.sealed)) else { return Ok(None) };
        let Some((nonce, sealed)) = bytes.split_at_checked(NONCE_LEN) else { return Ok(None) };
        let Ok(nonce) = Nonce::try_assume_unique_for_key(nonce) else { return Ok(None) };
        if salt.len() != SALT_LENGTH {
            return Ok(None);
        }
        let mut sealed = sealed.to_vec();
        match self.key(&salt)?.open_in_place(nonce, Aad::from(manifest), &mut sealed) {
            Ok(text) => serde_json::from_slice(text).map(Some).map_err(Error::internal),
            Err(_) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_open_by_their_passphrase_and_with_their_manifest_alone() {
        let backup = tempfile::tempdir().unwrap();
        let keys = Keyring::generate().unwrap();
        let passphrase = Passphrase::new("mưa phùn trên đồi chè").unwrap();
        passphrase.seal(&keys, backup.path(), b"{}").unwrap();
        let opened = passphrase.open(backup.path(), b"{}").unwrap();
        assert_eq!(opened.fingerprints(), keys.fingerprints());
        let told = |refused: Result<Keyring>| refused.map(|_| ()).unwrap_err().to_string();
        assert!(told(passphrase.open(backup.path(), b"{ }")).contains("manifest.json of the backup was changed"));
        let decomposed = "mưa phu\u{300}n tre\u{302}n đo\u{302}\u{300}i che\u{300}";
        assert!(Passphrase::new(decomposed).unwrap().open(backup.path(), b"{}").is_ok());
        let other = Passphrase::new("mưa phùn trên đồi sim").unwrap();
        assert!(told(other.open(backup.path(), b"{}")).contains("The passphrase is wrong"));
        let path = backup.path().join(NAME);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains(&keys.stamp_keys[0].key));
        for broken in [
            "",
            "{}",
            &text.replace("\"sealed\": \"", "\"sealed\": \"A"),
            &text.replace("\"salt\": \"", "\"salt\": \"AAAA"),
        ] {
            std::fs::write(&path, broken).unwrap();
            assert!(passphrase.open(backup.path(), b"{}").is_err(), "{broken}");
        }
        assert!(Passphrase::new("ngắn quá").is_err());
    }
}
