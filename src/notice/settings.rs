//! The settings of mail, held against each other at the start: a bad one must not be found out by silence.

use std::fmt;
use std::str::FromStr;

use clap::Args;
use lettre::message::Mailbox;

use crate::base::{Error, Result};
use crate::notice::post::PostOffice;

/// Mail: off where no server is named.
#[derive(Debug, Clone, Args)]
pub struct MailSettings {
    /// The mail server of the daily summary of tasks: smtps://user:password@host, smtp://host:25 or
    /// smtp://user:password@host?tls=required; no mail is sent where not set.
    #[arg(long, env = "OCOP_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<SmtpUrl>,

    /// From whom mail comes, as in "OCOP Hà Tĩnh <ocop@example.vn>".
    #[arg(long, env = "OCOP_SMTP_FROM")]
    pub smtp_from: Option<String>,

    /// The hour of a Vietnamese working day from which on the daily summary is sent.
    #[arg(long, env = "OCOP_SUMMARY_HOUR", default_value_t = 7, value_parser = clap::value_parser!(u8).range(0..=23))]
    pub summary_hour: u8,
}

/// The address of a mail server, which may hold a password: it is never told.
#[derive(Clone)]
pub struct SmtpUrl(String);

impl FromStr for SmtpUrl {
    type Err = std::convert::Infallible;

    /// It is read at the start, where what is wrong is told without the value.
    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpUrl(…)")
    }
}

impl MailSettings {
    /// Who sends mail; none where no server is named. What cannot be is an error.
    pub fn post_office(&self) -> Result<Option<PostOffice>> {
        let Some(SmtpUrl(url)) = self.smtp_url.as_ref().filter(|SmtpUrl(url)| !url.is_empty()) else {
            return match &self.smtp_from {
                Some(from) if !from.is_empty() => Err(Error::internal(
                    "OCOP_SMTP_FROM is set and OCOP_SMTP_URL is not: name the mail server, or neither",
                )),
                _ => Ok(None),
            };
        };
        let from = self.smtp_from.as_deref().filter(|from| !from.is_empty());
        let from = from.ok_or_else(|| {
            Error::internal("OCOP_SMTP_URL is set and OCOP_SMTP_FROM is not: say from whom mail comes")
        })?;
        let from: Mailbox = from.parse().map_err(|error| {
            Error::internal(format!("OCOP_SMTP_FROM is no address like \"OCOP <ocop@example.vn>\": {error}"))
        })?;
        if sends_password_openly(url) {
            return Err(Error::internal(
                "OCOP_SMTP_URL would send a password without encryption: use smtps:// or ?tls=required",
            ));
        }
        PostOffice::new(url, from).map(Some)
    }
}

/// Whether a password would go over a network as plain text.
fn sends_password_openly(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("smtp://") else { return false };
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    let Some((_, host)) = authority.rsplit_once('@') else { return false };
    let is_near = ["localhost", "127.", "[::1]"].iter().any(|near| host.starts_with(near));
    !is_near && !rest.contains("tls=required")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office(url: Option<&str>, from: Option<&str>) -> Result<Option<PostOffice>> {
        let settings = MailSettings {
            smtp_url: url.map(|url| url.parse().unwrap()),
            smtp_from: from.map(str::to_owned),
            summary_hour: 7,
        };
        settings.post_office()
    }

    #[test]
    fn mail_is_off_sound_or_told_why_not_and_never_with_its_password() {
        assert!(office(None, None).unwrap().is_none());
        let from = Some("OCOP Hà Tĩnh <ocop@example.vn>");
        for url in
            ["smtp://127.0.0.1:2525", "smtps://u:p@mail.example.vn", "smtp://u:p@mail.example.vn:587?tls=required"]
        {
            assert!(office(Some(url), from).unwrap().is_some(), "{url}");
        }
        for (url, from, told) in [
            (None, from, "OCOP_SMTP_URL"),
            (Some("smtp://127.0.0.1"), None, "OCOP_SMTP_FROM"),
            (Some("smtp://127.0.0.1"), Some("nobody"), "OCOP_SMTP_FROM"),
            (Some("mail.example.vn"), from, "OCOP_SMTP_URL"),
            (Some("http://u:secret@mail.example.vn"), from, "OCOP_SMTP_URL"),
            (Some("smtp://u:secret@mail.example.vn"), from, "without encryption"),
            (Some("smtp://u:secret@mail.example.vn?tls=opportunistic"), from, "without encryption"),
        ] {
            let error = office(url, from).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains(told) && !error.contains("secret"), "{url:?} {from:?}: {error}");
        }
        assert!(!format!("{:?}", "smtp://u:secret@h".parse::<SmtpUrl>()).contains("secret"));
    }
}
