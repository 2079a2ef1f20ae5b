//! Hands letters to the mail server. A server that says nothing is left after a while.

use std::time::Duration;

use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio::time::timeout;

use crate::base::{Error, Result};
use crate::notice::rules::Failure;

/// How long a server may take for one answer, and for a whole letter.
const ANSWER: Duration = Duration::from_secs(10);
const LETTER: Duration = Duration::from_secs(30);

/// Who sends mail.
#[derive(Clone)]
pub struct PostOffice {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// A letter as it is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub text: String,
    /// Names it among all letters: sent twice it would be the same one.
    pub name: String,
}

/// That no person wrote it, so that no machine answers it (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> std::result::Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl PostOffice {
    /// What is wrong is told without the address, which may hold a password.
    pub fn new(url: &str, from: Mailbox) -> Result<Self> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| {
            Error::internal(
                "OCOP_SMTP_URL is no mail server: expected smtps://user:password@host, smtp://host:25 or \
                 smtp://user:password@host?tls=required",
            )
        })?;
        Ok(Self { transport: builder.timeout(Some(ANSWER)).build(), from })
    }

    /// Hands a letter over. An address that mail cannot go to is refused for good, as by a server.
    pub async fn deliver(&self, to: &str, letter: Letter) -> Result<std::result::Result<(), Failure>> {
        let Ok(to) = to.parse::<Mailbox>() else { return Ok(Err(Failure::Refused(553))) };
        let message = self.message(to, letter)?;
        // First alone: of a letter that no session came about for, it is certain that it did not arrive.
        match timeout(LETTER, self.transport.test_connection()).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) | Err(_) => return Ok(Err(Failure::Unreachable(None))),
            Ok(Err(error)) => return Ok(Err(Failure::Unreachable(code(&error)))),
        }
        Ok(match timeout(LETTER, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(failure(&error)),
            Err(_) => Err(Failure::BrokenOff),
        })
    }

    fn message(&self, to: Mailbox, letter: Letter) -> Result<Message> {
        let Letter { subject, text, name } = letter;
        let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(text);
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(subject)
            .message_id(Some(format!("<{name}@{}>", self.from.email.domain())))
            .header(AutoSubmitted)
            .singlepart(text)
            .map_err(Error::internal)
    }
}

fn failure(error: &SmtpError) -> Failure {
    match code(error) {
        Some(code) if error.is_permanent() => Failure::Refused(code),
        Some(code) => Failure::RefusedForNow(code),
        None => Failure::BrokenOff,
    }
}

fn code(error: &SmtpError) -> Option<u16> {
    error.status().map(u16::from)
}
