//! What letters say. A summary: how much waits, by which rules, until when; a reminder: that a council waits. They name nobody
//! and nothing. What was done with an account names whose it is to administrators.

use crate::audit::Head;
use crate::base::id::AccountId;
use crate::base::{Day, say};
use crate::http::Language;
use crate::notice::account_letter_store;
use crate::notice::post::Letter;
use crate::notice::reminder_store::Due;
use crate::notice::rules::Line;
use crate::page::words::{day as written, moment};
use crate::people::notices::MailedStep;

/// The summary of a day.
pub fn letter(account: AccountId, on: Day, lines: &[Line], language: Language, public_url: &str) -> Letter {
    let pick = |vi: String, en: String| language.pick(&say(vi, en)).to_owned();
    let tasks: usize = lines.iter().map(|line| line.tasks).sum();
    let overdue: usize = lines.iter().map(|line| line.overdue).sum();
    let subject = match overdue {
        0 => pick(format!("OCOP: {tasks} việc đang chờ"), format!("OCOP: {tasks} waiting")),
        _ => pick(
            format!("OCOP: {tasks} việc đang chờ, {overdue} việc quá hạn"),
            format!("OCOP: {tasks} waiting, {overdue} overdue"),
        ),
    };
    let listed: Vec<String> = lines.iter().map(|line| told(line, language)).collect();
    let today = written(language, on);
    let text = pick(
        format!(
            "Việc đang chờ ông/bà, ngày {today}:\n\n{}\n\nMở danh sách: {public_url}/desk\n\nThư này do hệ thống gửi, xin không trả \
             lời. Muốn dừng nhận: vào Bàn làm việc, mục Tài khoản của tôi.\n",
            listed.join("\n")
        ),
        format!(
            "What waits for you on {today}:\n\n{}\n\nOpen the list: {public_url}/desk\n\nThis is sent by the service; please do \
             not reply. To stop it, open the desk, My account.\n",
            listed.join("\n")
        ),
    );
    Letter { subject, text, name: format!("summary.{on}.{account}") }
}

/// The head of the newest seal, for whoever keeps it; in both languages, for an office's letter box has none of its own.
pub fn head(on: Day, head: Head, public_url: &str) -> Letter {
    let text = format!(
        "{head}\n\nĐây là đầu niêm phong mới nhất của {public_url} ngày {on}. Xin giữ thư này: nhờ nó, lệnh “ocop audit verify \
         --head {head}” phát hiện được cả khi toàn bộ lịch sử bị viết lại.\n\nThis is the newest seal's head of {public_url} on \
         {on}. Please keep this letter: by it `ocop audit verify --head {head}` finds out even a history that was written \
         anew.\n"
    );
    Letter {
        subject: format!("OCOP: đầu niêm phong / head {on}"), text, name: format!("head.{on}.{}", head.number)
    }
}

/// Tells a member that a council waits for the own sheet.
pub fn reminder(due: &Due, language: Language, public_url: &str) -> Letter {
    let pick = |vi: String, en: String| language.pick(&say(vi, en)).to_owned();
    let at = moment(language, due.at);
    Letter {
        subject: pick("OCOP: nhắc nộp phiếu đánh giá".to_owned(), "OCOP: your scoring sheet is waited for".to_owned()),
        text: pick(
            format!(
                "Lúc {at}, phiên đánh giá nhắc ông/bà nộp phiếu đang chờ.\n\nMở phiếu: {public_url}/desk\n\nThư này do hệ thống \
                 gửi, xin không trả lời.\n"
            ),
            format!(
                "At {at} the council reminded you of your sheet, which is waited for.\n\nOpen it: {public_url}/desk\n\nThis is \
                 sent by the service; please do not reply.\n"
            ),
        ),
        name: format!("reminder.{}", due.id),
    }
}

/// Tells of a step with an account: whose it is where another reads it, what was done, when and by whom. No secret stands here,
/// and nothing of the note.
pub fn of_account(due: &account_letter_store::Due, language: Language, public_url: &str) -> Letter {
    let pick = |vi: String, en: String| language.pick(&say(vi, en)).to_owned();
    let MailedStep { step, label, by_name, .. } = &due.step;
    let (at, done) = (moment(language, step.at), pick(label.vi.to_owned(), label.en.to_owned()));
    let by = by_name.clone().unwrap_or_else(|| pick("máy chủ".to_owned(), "the host".to_owned()));
    let whose = match due.recipient.account == step.account {
        true => pick("tài khoản của ông/bà".to_owned(), "your account".to_owned()),
        false => pick(format!("tài khoản của {}", step.name), format!("the account of {}", step.name)),
    };
    Letter {
        subject: pick("OCOP: có thay đổi ở một tài khoản".to_owned(), "OCOP: an account was changed".to_owned()),
        text: pick(
            format!(
                "Lúc {at}, {by} đã thực hiện với {whose}: {done}.\n\nNếu việc này không được thống nhất trước, xin báo ngay cho \
                 một quản trị viên khác.\n\nXem: {public_url}/desk\n\nThư này do hệ thống gửi, xin không trả lời.\n"
            ),
            format!(
                "At {at} {by} did this with {whose}: {done}.\n\nIf it was not agreed on, please tell another administrator at \
                 once.\n\nSee: {public_url}/desk\n\nThis is sent by the service; please do not reply.\n"
            ),
        ),
        name: format!("account.{}.{}.{}", step.account, step.version, due.recipient.account),
    }
}

fn told(line: &Line, language: Language) -> String {
    let pick = |vi: String, en: String| language.pick(&say(vi, en)).to_owned();
    let mut told = format!("- {}: {}", line.label, line.tasks);
    if line.overdue > 0 {
        told.push_str(&pick(format!(", quá hạn {}", line.overdue), format!(", {} overdue", line.overdue)));
    }
    if let Some(first) = line.first_due {
        let first = written(language, first);
        told.push_str(&pick(format!("; sớm nhất {first}"), format!("; the first by {first}")));
    }
    if let Some(rule) = &line.rule {
        told.push_str(&format!(" ({rule})"));
    }
    told
}
