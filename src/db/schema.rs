//! The tables, as both migration trees make them. A test holds the two trees against each other.

// ---- what the database knows of itself ----

diesel::table! {
    use diesel::sql_types::*;

    /// The clock's offset, fingerprints of keys, what made this database.
    settings (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    /// Running numbers, one row a series; the row is the lock.
    counters (name) {
        name -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// The first write of a transaction that was asked for with an Idempotency-Key, and its answer.
    idempotency_keys (account_id, path, key) {
        account_id -> Guid,
        path -> Text,
        key -> Text,
        body_digest -> Binary,
        created_at -> Instant,
        answer -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Who changed what, when, from which state to which; one row for each version of each resource.
    history (resource, resource_id, version) {
        resource -> Text,
        resource_id -> Guid,
        version -> Integer,
        at -> Instant,
        account_id -> Nullable<Guid>,
        verb -> Text,
        from_state -> Nullable<Text>,
        to_state -> Nullable<Text>,
        note -> Nullable<Text>,
        digest -> Nullable<Binary>,
        content -> Nullable<Binary>,
        note_salt -> Nullable<Binary>,
        note_digest -> Nullable<Binary>,
        seal -> Nullable<BigInt>,
        place -> Nullable<BigInt>,
        row_digest -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Instant;

    /// Signed heads over all steps since the seal before.
    seals (number) {
        number -> BigInt,
        at -> Instant,
        entries -> BigInt,
        head -> Binary,
        previous -> Binary,
        key_id -> Text,
        signature -> Binary,
        salt -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Stored documents and pictures; the bytes lie in the data folder under the id.
    files (id) {
        id -> Guid,
        sha256 -> Binary,
        size -> BigInt,
        media_type -> Text,
        name -> Text,
        created_at -> Instant,
    }
}

// ---- people: places, accounts, producers ----

diesel::table! {
    use diesel::sql_types::*;

    /// Provinces, districts and communes, each with the days for which its code has this meaning.
    units (code, valid_from) {
        code -> Text,
        valid_from -> Date,
        valid_until -> Nullable<Date>,
        level -> Text,
        parent_code -> Nullable<Text>,
        name -> Text,
        folded -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Document, Guid, Instant};

    /// Producers (chủ thể) and where they were registered.
    producers (id) {
        id -> Guid,
        version -> Integer,
        name -> Text,
        folded -> Text,
        kind -> Text,
        identity_number -> Text,
        commune_code -> Text,
        district_code -> Nullable<Text>,
        address -> Text,
        representative -> Text,
        phone -> Text,
        public_phone -> Bool,
        email -> Nullable<Text>,
        created_at -> Instant,
        members -> Nullable<Document>,
        representative_sex -> Nullable<Text>,
        representative_ethnicity -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Who may sign in, and with which rights.
    accounts (id) {
        id -> Guid,
        version -> Integer,
        username -> Text,
        password_hash -> Text,
        name -> Text,
        folded -> Text,
        role -> Text,
        unit_code -> Nullable<Text>,
        producer_id -> Nullable<Guid>,
        created_at -> Instant,
        identity_number -> Nullable<Text>,
        residence_code -> Nullable<Text>,
        residence -> Nullable<Text>,
        ended_at -> Nullable<Instant>,
        email -> Nullable<Text>,
        language -> Nullable<Text>,
        summary_off_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Refresh tokens by the digest of their secret; a family is one sign-in.
    refresh_tokens (id) {
        id -> Guid,
        family_id -> Guid,
        account_id -> Guid,
        secret_digest -> Binary,
        issued_at -> Instant,
        expires_at -> Instant,
        used_at -> Nullable<Instant>,
        revoked_at -> Nullable<Instant>,
        begun_at -> Nullable<Instant>,
        address -> Nullable<Text>,
        device -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Sign-ins of browsers by the digest of the secret in their cookie.
    desk_sessions (id) {
        id -> Guid,
        account_id -> Guid,
        secret_digest -> Binary,
        made_at -> Instant,
        seen_at -> Instant,
        address -> Text,
        device -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Links by which people choose their password, by the digest of the secret in them.
    password_links (account_id) {
        account_id -> Guid,
        secret_digest -> Binary,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Instant;

    /// Wrong passwords, by the keyed digest of whom they were tried for and from where.
    sign_in_failures (digest) {
        digest -> Binary,
        level -> Integer,
        failed_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// What an account shares with an authenticator app, sealed.
    second_factors (account_id) {
        account_id -> Guid,
        sealed -> Binary,
        confirmed_at -> Nullable<Instant>,
        last_step -> BigInt,
        reset_asked_by -> Nullable<Guid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// By which subject of which OpenID provider somebody is signed in to an account.
    openid_links (account_id) {
        account_id -> Guid,
        issuer -> Text,
        subject -> Text,
        linked_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Instant;

    /// Sign-ins by a provider that were used, by their digest.
    openid_used (digest) {
        digest -> Binary,
        used_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Guid;

    /// Codes for who lost the app, by their keyed digest.
    recovery_codes (digest) {
        digest -> Binary,
        account_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Sign-ins and wrong passwords of late, for whose account it is.
    sign_ins (id) {
        id -> Guid,
        account_id -> Guid,
        at -> Instant,
        network -> Text,
        succeeded -> Bool,
        with_code -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Who was answered whose identity number in full, where; once an hour at most.
    identity_readings (id) {
        id -> Guid,
        account_id -> Guid,
        resource -> Text,
        resource_id -> Guid,
        at -> Instant,
        address -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// The networks from which an account signed in, by their keyed digest.
    sign_in_networks (account_id, digest) {
        account_id -> Guid,
        digest -> Binary,
        signed_in_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Document, Guid, Instant};

    /// Requests of producers to take part, until an officer confirms them.
    registrations (id) {
        id -> Guid,
        version -> Integer,
        state -> Text,
        producer -> Document,
        identity_number -> Text,
        claimed_producer_id -> Nullable<Guid>,
        username -> Text,
        password_hash -> Text,
        account_name -> Text,
        commune_code -> Text,
        district_code -> Nullable<Text>,
        note -> Nullable<Text>,
        created_at -> Instant,
        receipt_digest -> Nullable<Binary>,
        consent_version -> Nullable<Integer>,
        erased_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Document, Guid, Instant};

    /// What persons ask about their own data, and what they were answered.
    personal_data_requests (id) {
        id -> Guid,
        version -> Integer,
        number -> Integer,
        kind -> Text,
        state -> Text,
        account_id -> Nullable<Guid>,
        recorded_by -> Nullable<Guid>,
        name -> Nullable<Text>,
        contact -> Nullable<Text>,
        recognised_by -> Nullable<Text>,
        recognised_value -> Nullable<Text>,
        identity_check -> Nullable<Text>,
        reference -> Nullable<Text>,
        text -> Nullable<Text>,
        received_at -> Instant,
        due_on -> Date,
        closed_at -> Nullable<Instant>,
        answer -> Nullable<Text>,
        outcome -> Nullable<Document>,
        erased_at -> Nullable<Instant>,
    }
}

// ---- year: cycles, criteria, shops ----

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Document, Guid, Instant};

    /// The yearly cycles.
    cycles (id) {
        id -> Guid,
        version -> Integer,
        year -> Integer,
        edition -> Text,
        state -> Text,
        idea_deadline -> Date,
        rounds -> Document,
        targets -> Document,
        stamps_from -> Text,
        created_at -> Instant,
        conditions -> Document,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Document, Guid, Instant};

    /// Criteria sets, one row for each version; the tree as it is scored with.
    criteria_sets (id) {
        id -> Guid,
        code -> Text,
        edition -> Text,
        version -> Integer,
        complete -> Bool,
        title -> Text,
        tree -> Document,
        created_at -> Instant,
        sector -> Text,
        title_en -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Points of sale (điểm bán hàng OCOP).
    shops (id) {
        id -> Guid,
        version -> Integer,
        name -> Text,
        folded -> Text,
        commune_code -> Text,
        district_code -> Nullable<Text>,
        address -> Text,
        phone -> Nullable<Text>,
        opened_on -> Date,
        closed_on -> Nullable<Date>,
        created_at -> Instant,
    }
}

// ---- products: what lasts, and the road to a plan ----

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Products of producers.
    products (id) {
        id -> Guid,
        version -> Integer,
        producer_id -> Guid,
        code -> Text,
        name -> Text,
        folded -> Text,
        criteria_set -> Text,
        description -> Text,
        story -> Text,
        packaging -> Text,
        gtin -> Nullable<Text>,
        commune_code -> Text,
        district_code -> Nullable<Text>,
        created_at -> Instant,
        origin -> Nullable<Text>,
        shelf_life -> Nullable<Text>,
        safety_warnings -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Guid;

    /// What a shop sells.
    shop_products (shop_id, product_id) {
        shop_id -> Guid,
        product_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Documents of a product: certificates, test reports, contracts.
    documents (id) {
        id -> Guid,
        product_id -> Guid,
        file_id -> Guid,
        kind -> Text,
        number -> Nullable<Text>,
        issued_by -> Nullable<Text>,
        issued_on -> Nullable<Date>,
        valid_until -> Nullable<Date>,
        uploaded_by -> Guid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Pictures of a product, the first is its face.
    pictures (id) {
        id -> Guid,
        product_id -> Guid,
        file_id -> Guid,
        created_at -> Instant,
        width -> Nullable<Integer>,
        height -> Nullable<Integer>,
        medium_file_id -> Nullable<Guid>,
        small_file_id -> Nullable<Guid>,
        place -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Ideas of products (phiếu đăng ký ý tưởng sản phẩm).
    ideas (id) {
        id -> Guid,
        version -> Integer,
        cycle_id -> Guid,
        producer_id -> Guid,
        commune_code -> Text,
        district_code -> Nullable<Text>,
        state -> Text,
        kind -> Text,
        product_id -> Nullable<Guid>,
        product_name -> Text,
        folded -> Text,
        criteria_set -> Text,
        description -> Text,
        target_value -> BigInt,
        packaging -> Text,
        number -> Nullable<Text>,
        opinion -> Nullable<Text>,
        returned_from -> Nullable<Text>,
        submitted_at -> Nullable<Instant>,
        late -> Bool,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// The signed paper form of an idea that was entered on a producer's behalf.
    idea_papers (id) {
        id -> Guid,
        idea_id -> Guid,
        file_id -> Guid,
        uploaded_by -> Guid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Document, Guid, Instant};

    /// Lists of ideas or results that went up under one letter.
    dispatches (id) {
        id -> Guid,
        verb -> Text,
        letter_number -> Text,
        letter_date -> Date,
        unit_code -> Text,
        account_id -> Guid,
        created_at -> Instant,
        items -> Document,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Business plans (phương án sản xuất kinh doanh).
    plans (id) {
        id -> Guid,
        version -> Integer,
        idea_id -> Guid,
        cycle_id -> Guid,
        producer_id -> Guid,
        product_id -> Nullable<Guid>,
        commune_code -> Text,
        district_code -> Nullable<Text>,
        state -> Text,
        capacity -> Text,
        market -> Text,
        materials -> Text,
        technology -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Guid;

    /// A plan's money by source and year, in VND.
    plan_finance (plan_id, year) {
        plan_id -> Guid,
        year -> Integer,
        own -> BigInt,
        loan -> BigInt,
        other -> BigInt,
        state_support -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Document, Guid, Instant};

    /// A product in a cycle.
    dossiers (id) {
        id -> Guid,
        version -> Integer,
        product_id -> Guid,
        cycle_id -> Guid,
        plan_id -> Guid,
        producer_id -> Guid,
        commune_code -> Text,
        district_code -> Nullable<Text>,
        state -> Text,
        criteria_set_id -> Nullable<Guid>,
        responsible_account_id -> Nullable<Guid>,
        self_marks -> Nullable<Document>,
        submitted_at -> Nullable<Instant>,
        late -> Bool,
        created_at -> Instant,
        figures -> Document,
        scored_as -> Nullable<Text>,
        kind -> Nullable<Text>,
        changes -> Nullable<Document>,
        updates -> Nullable<Document>,
        yearly_figures -> Nullable<Document>,
        report -> Nullable<Document>,
        received_at -> Nullable<Instant>,
        commune_due_on -> Nullable<Date>,
        forwarded_at -> Nullable<Instant>,
        number -> Nullable<Text>,
        province_number -> Nullable<Text>,
        samples_needed -> Nullable<Integer>,
        carried_from -> Nullable<Guid>,
        criteria_set_code -> Nullable<Text>,
        ended_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Document, Guid, Instant};

    /// What was handed in, as it was, with its digest.
    dossier_submissions (dossier_id, number) {
        dossier_id -> Guid,
        number -> Integer,
        account_id -> Guid,
        content -> Document,
        digest -> Binary,
        submitted_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// What the commune found of a dossier (form 03), each time that it sent it on.
    commune_reports (dossier_id, number) {
        dossier_id -> Guid,
        number -> Integer,
        local_material -> Text,
        local_labour -> Text,
        origin_of_idea -> Text,
        local_identity -> Text,
        completeness -> Text,
        letter_number -> Text,
        letter_date -> Date,
        account_id -> Guid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Guid;

    /// Sample units that the office holds or gave back.
    dossier_samples (dossier_id, number) {
        dossier_id -> Guid,
        number -> Integer,
        units -> Integer,
        received_on -> Date,
        received_by -> Guid,
        kept_at -> Text,
        given_back_on -> Nullable<Date>,
        given_back_to -> Nullable<Text>,
        given_back_by -> Nullable<Guid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Guid;

    /// Documents that a dossier hands in.
    dossier_documents (dossier_id, document_id) {
        dossier_id -> Guid,
        document_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Visits of the responsible officer.
    visits (id) {
        id -> Guid,
        dossier_id -> Guid,
        account_id -> Guid,
        visited_on -> Date,
        findings -> Text,
        advice -> Text,
        created_at -> Instant,
    }
}

// ---- rating: councils, sheets, decisions ----

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Document, Guid, Instant};

    /// Councils of a unit for a round of a cycle.
    councils (id) {
        id -> Guid,
        version -> Integer,
        cycle_id -> Guid,
        unit_code -> Text,
        round -> Integer,
        decision_number -> Text,
        state -> Text,
        rules -> Document,
        delegation -> Nullable<Text>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Guid;

    /// Who sits in a council, and whether the seat scores.
    seats (id) {
        id -> Guid,
        council_id -> Guid,
        account_id -> Guid,
        seat -> Text,
        scores -> Bool,
        position -> Integer,
        organisation -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// A dossier on a council's agenda.
    agenda_items (id) {
        id -> Guid,
        version -> Integer,
        council_id -> Guid,
        dossier_id -> Guid,
        sent_from -> Nullable<Guid>,
        position -> Integer,
        state -> Text,
        attempt -> Integer,
        admission -> Nullable<Text>,
        note -> Nullable<Text>,
        sent_up_at -> Nullable<Instant>,
        created_at -> Instant,
        session_on -> Nullable<Date>,
        dossier_sent_on -> Nullable<Date>,
        samples_sent_on -> Nullable<Date>,
        short_notice_accepted_by -> Nullable<Guid>,
        written_until -> Nullable<Date>,
        declined_by_centre_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Seats that do not score an item.
    recusals (agenda_item_id, account_id) {
        agenda_item_id -> Guid,
        account_id -> Guid,
        reason -> Text,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Document, Guid, Instant};

    /// One member's marks of one item in one attempt.
    sheets (id) {
        id -> Guid,
        version -> Integer,
        agenda_item_id -> Guid,
        account_id -> Guid,
        attempt -> Integer,
        state -> Text,
        marks -> Document,
        gate -> Nullable<Document>,
        total -> Nullable<Integer>,
        gate_kind -> Nullable<Text>,
        submitted_at -> Nullable<Instant>,
        salt -> Nullable<Binary>,
        commitment -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Document, Guid, Instant};

    /// What a council concluded.
    results (agenda_item_id, attempt) {
        agenda_item_id -> Guid,
        attempt -> Integer,
        outcome -> Text,
        stars -> Nullable<Integer>,
        sum -> Integer,
        sheets -> Integer,
        gate_criterion -> Nullable<Text>,
        gate_reason -> Nullable<Text>,
        concluded_by -> Guid,
        concluded_at -> Instant,
        unmet -> Document,
        unmet_options -> Document,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Guid;

    /// Who checks dossiers before a council's session.
    working_groups (council_id, account_id) {
        council_id -> Guid,
        account_id -> Guid,
        position -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// What the working group found in a dossier.
    remarks (id) {
        id -> Guid,
        agenda_item_id -> Guid,
        account_id -> Guid,
        criterion -> Nullable<Text>,
        text -> Text,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Document, Guid, Instant};

    /// The working group's surveys on site.
    surveys (id) {
        id -> Guid,
        version -> Integer,
        agenda_item_id -> Guid,
        state -> Text,
        surveyed_on -> Date,
        team -> Document,
        findings -> Document,
        tests -> Document,
        account_id -> Guid,
        created_at -> Instant,
        finished_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Photographs of surveys, and papers of laboratories on their tests.
    survey_files (id) {
        id -> Guid,
        survey_id -> Guid,
        file_id -> Guid,
        test_id -> Nullable<Guid>,
        caption -> Nullable<Text>,
        account_id -> Guid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Document, Guid, Instant};

    /// The working group's reports to its council, one for each item.
    group_reports (id) {
        id -> Guid,
        version -> Integer,
        agenda_item_id -> Guid,
        unit_code -> Text,
        state -> Text,
        leader -> Text,
        dossier_check -> Text,
        assessment -> Text,
        proposal -> Text,
        proposal_text -> Nullable<Text>,
        number -> Nullable<Text>,
        dated -> Nullable<Date>,
        content -> Nullable<Document>,
        account_id -> Guid,
        created_at -> Instant,
        finished_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Seats that are not there for an item.
    absences (agenda_item_id, account_id) {
        agenda_item_id -> Guid,
        account_id -> Guid,
        reason -> Text,
        recorded_by -> Guid,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Appeals against a council's result, one for each result.
    appeals (id) {
        id -> Guid,
        version -> Integer,
        agenda_item_id -> Guid,
        unit_code -> Text,
        producer_id -> Guid,
        commune_code -> Text,
        district_code -> Nullable<Text>,
        state -> Text,
        grounds -> Text,
        answer -> Nullable<Text>,
        answered_by -> Nullable<Guid>,
        answered_at -> Nullable<Instant>,
        filed_by -> Guid,
        filed_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Why a council scored again.
    rescores (agenda_item_id, attempt) {
        agenda_item_id -> Guid,
        attempt -> Integer,
        reason -> Text,
        votes_for -> Nullable<Integer>,
        votes_against -> Nullable<Integer>,
        at -> Instant,
        account_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Decisions (quyết định) of a People's Committee.
    decisions (id) {
        id -> Guid,
        version -> Integer,
        kind -> Text,
        unit_code -> Text,
        state -> Text,
        number -> Nullable<Text>,
        signed_on -> Nullable<Date>,
        reason -> Nullable<Text>,
        drafted_by -> Guid,
        promulgated_by -> Nullable<Guid>,
        promulgated_at -> Nullable<Instant>,
        created_at -> Instant,
        ground -> Nullable<Text>,
        basis_number -> Nullable<Text>,
        basis_authority -> Nullable<Text>,
        basis_dated -> Nullable<Date>,
        original_verdict -> Nullable<Text>,
        original_content -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// What of a decision was given out to be signed outside.
    decision_prints (decision_id, sha256) {
        decision_id -> Guid,
        sha256 -> Binary,
        size -> BigInt,
        made_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Document, Guid, Instant};

    /// The signed files of a decision, each as it was judged when it was handed in.
    decision_originals (id) {
        id -> Guid,
        decision_id -> Guid,
        file_id -> Guid,
        sha256 -> Binary,
        judgement -> Document,
        uploaded_by -> Guid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Certificates of recognition.
    certificates (id) {
        id -> Guid,
        version -> Integer,
        number -> Text,
        product_id -> Guid,
        producer_id -> Guid,
        cycle_id -> Guid,
        agenda_item_id -> Guid,
        decision_id -> Guid,
        commune_code -> Text,
        district_code -> Nullable<Text>,
        stars -> Integer,
        issued_on -> Date,
        valid_until -> Date,
        revoked_on -> Nullable<Date>,
        revoked_by -> Nullable<Guid>,
        created_at -> Instant,
        superseded_by -> Nullable<Guid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Guid;

    /// What a decision is about.
    decision_items (decision_id, position) {
        decision_id -> Guid,
        position -> Integer,
        agenda_item_id -> Nullable<Guid>,
        certificate_id -> Nullable<Guid>,
        stars -> Nullable<Integer>,
    }
}

// ---- goods: lots, holds, stamps ----

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Lots of a product.
    lots (id) {
        id -> Guid,
        version -> Integer,
        product_id -> Guid,
        producer_id -> Guid,
        commune_code -> Text,
        district_code -> Nullable<Text>,
        code -> Text,
        produced_on -> Date,
        expires_on -> Nullable<Date>,
        quantity -> BigInt,
        unit -> Text,
        recalled_at -> Nullable<Instant>,
        recall_reason -> Nullable<Text>,
        created_at -> Instant,
        recall_origin_id -> Nullable<Guid>,
        folded -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Guid;

    /// Lots that went into a lot.
    lot_inputs (lot_id, input_id) {
        lot_id -> Guid,
        input_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// What happened to a lot.
    lot_events (id) {
        id -> Guid,
        lot_id -> Guid,
        kind -> Text,
        at -> Instant,
        place -> Text,
        note -> Text,
        account_id -> Guid,
        recorded_at -> Instant,
        quantity -> Nullable<BigInt>,
        shop_id -> Nullable<Guid>,
        buyer_producer_id -> Nullable<Guid>,
        buyer_name -> Nullable<Text>,
        buyer_address -> Nullable<Text>,
        corrects_id -> Nullable<Guid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Guid;

    /// Documents of the product that show an event.
    lot_event_documents (event_id, document_id) {
        event_id -> Guid,
        document_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Suspensions of a product or a lot.
    holds (id) {
        id -> Guid,
        version -> Integer,
        product_id -> Nullable<Guid>,
        lot_id -> Nullable<Guid>,
        producer_id -> Guid,
        commune_code -> Text,
        district_code -> Nullable<Text>,
        reason -> Text,
        state -> Text,
        placed_by -> Guid,
        placed_at -> Instant,
        lifted_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// A unit's plans of inspections, by year.
    inspection_plans (id) {
        id -> Guid,
        version -> Integer,
        unit_code -> Text,
        year -> Integer,
        state -> Text,
        text -> Text,
        number -> Nullable<Text>,
        signed_on -> Nullable<Date>,
        account_id -> Guid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Document, Guid, Instant};

    /// Inspections of products after recognition.
    inspections (id) {
        id -> Guid,
        version -> Integer,
        product_id -> Guid,
        producer_id -> Guid,
        commune_code -> Text,
        district_code -> Nullable<Text>,
        kind -> Text,
        inspection_plan_id -> Nullable<Guid>,
        reason -> Nullable<Text>,
        decision_number -> Text,
        decision_signed_on -> Date,
        begins_on -> Date,
        ends_on -> Date,
        members -> Document,
        state -> Text,
        visited_at -> Nullable<Instant>,
        answers -> Document,
        broken -> Integer,
        samples -> Document,
        minutes -> Nullable<Document>,
        latitude -> Nullable<Integer>,
        longitude -> Nullable<Integer>,
        corrections -> Document,
        due_on -> Nullable<Date>,
        result -> Nullable<Text>,
        conclusion -> Nullable<Text>,
        ground -> Nullable<Text>,
        concluded_on -> Nullable<Date>,
        concluded_by -> Nullable<Guid>,
        account_id -> Guid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Photographs and papers of inspections.
    inspection_files (id) {
        id -> Guid,
        inspection_id -> Guid,
        file_id -> Guid,
        purpose -> Text,
        caption -> Nullable<Text>,
        account_id -> Guid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Policies of support money.
    support_policies (id) {
        id -> Guid,
        version -> Integer,
        unit_code -> Text,
        act -> Text,
        item -> Text,
        name -> Text,
        rate_percent -> Integer,
        cap -> BigInt,
        source -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        state -> Text,
        account_id -> Guid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Document, Guid, Instant};

    /// Claims of support money, with what became of them.
    support_claims (id) {
        id -> Guid,
        version -> Integer,
        policy_id -> Guid,
        producer_id -> Guid,
        commune_code -> Text,
        district_code -> Nullable<Text>,
        product_id -> Nullable<Guid>,
        plan_id -> Nullable<Guid>,
        year -> Integer,
        edition -> Text,
        text -> Text,
        costs -> BigInt,
        claimed -> BigInt,
        state -> Text,
        handed_in_on -> Nullable<Date>,
        accepted -> Nullable<BigInt>,
        accepted_on -> Nullable<Date>,
        minutes_number -> Nullable<Text>,
        sent_on -> Nullable<Date>,
        appraised -> Nullable<BigInt>,
        appraised_on -> Nullable<Date>,
        appraisal -> Nullable<Text>,
        decided -> Nullable<BigInt>,
        decision_number -> Nullable<Text>,
        decision_signed_on -> Nullable<Date>,
        payments -> Document,
        paid -> BigInt,
        returns -> Document,
        taken_back -> BigInt,
        account_id -> Guid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Invoices and acceptance minutes of claims.
    support_claim_files (id) {
        id -> Guid,
        claim_id -> Guid,
        file_id -> Guid,
        purpose -> Text,
        caption -> Nullable<Text>,
        account_id -> Guid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Document, Guid, Instant};

    /// Rewards by star of recognised products.
    rewards (id) {
        id -> Guid,
        version -> Integer,
        unit_code -> Text,
        decision_id -> Guid,
        rates -> Document,
        state -> Text,
        number -> Nullable<Text>,
        signed_on -> Nullable<Date>,
        account_id -> Guid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Guid;

    /// What each product of a reward is given.
    reward_items (reward_id, certificate_id) {
        reward_id -> Guid,
        certificate_id -> Guid,
        product_id -> Guid,
        producer_id -> Guid,
        commune_code -> Text,
        district_code -> Nullable<Text>,
        stars -> Integer,
        amount -> BigInt,
        paid_on -> Nullable<Date>,
        voucher -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Orders of stamps. The number is random and goes into each code.
    stamp_orders (id) {
        id -> Guid,
        version -> Integer,
        number -> Integer,
        key_id -> Text,
        product_id -> Guid,
        producer_id -> Guid,
        commune_code -> Text,
        district_code -> Nullable<Text>,
        quantity -> Integer,
        state -> Text,
        issued_at -> Nullable<Instant>,
        note -> Nullable<Text>,
        created_at -> Instant,
        delivered_at -> Nullable<Instant>,
        receipt -> Nullable<Text>,
        received_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Stamps bound to a lot, by ranges of serials.
    activations (id) {
        id -> Guid,
        order_id -> Guid,
        first -> Integer,
        last -> Integer,
        lot_id -> Guid,
        account_id -> Guid,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Stamps that are lost or spoilt, by ranges of serials.
    voids (id) {
        id -> Guid,
        order_id -> Guid,
        first -> Integer,
        last -> Integer,
        reason -> Text,
        account_id -> Guid,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Instant;

    /// What happened to single stamps; a stamp that was never scanned has no row.
    stamps (order_number, serial) {
        order_number -> Integer,
        serial -> Integer,
        scans -> BigInt,
        first_at -> Instant,
        last_at -> Instant,
        suspect_at -> Nullable<Instant>,
        dismissed_at -> Nullable<Instant>,
        dismissed_visitors -> Nullable<Integer>,
        visitors -> Binary,
        evidence -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Instant;

    /// Every scan, without who it was: a log without a key.
    scans (order_number, serial, at) {
        order_number -> Integer,
        serial -> Integer,
        at -> Instant,
        language -> Text,
        latitude -> Nullable<Integer>,
        longitude -> Nullable<Integer>,
        visitor -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Who was reminded of the own sheet.
    sheet_reminders (id) {
        id -> Guid,
        agenda_item_id -> Guid,
        attempt -> Integer,
        account_id -> Guid,
        reminded_by -> Guid,
        reminded_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// The letter that tells somebody of a step with an account.
    account_letters (account_id, version, recipient_id) {
        account_id -> Guid,
        version -> Integer,
        recipient_id -> Guid,
        state -> Text,
        attempts -> Integer,
        changed_at -> Instant,
        next_at -> Nullable<Instant>,
        failure -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// The letter that tells of a reminder.
    reminder_letters (reminder_id) {
        reminder_id -> Guid,
        state -> Text,
        attempts -> Integer,
        changed_at -> Instant,
        next_at -> Nullable<Instant>,
        failure -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// The daily summary of an account's tasks, at most one a day.
    task_summaries (account_id, day) {
        account_id -> Guid,
        day -> Date,
        state -> Text,
        tasks -> Integer,
        attempts -> Integer,
        changed_at -> Instant,
        next_at -> Nullable<Instant>,
        failure -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    /// The secret that makes a day's visitors countable but not traceable; deleted when the day is over.
    visitor_salts (day) {
        day -> Date,
        salt -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    /// How many uploads of a visitor's day became no doubt.
    doubt_uploads (day, visitor) {
        day -> Date,
        visitor -> Binary,
        uploads -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Doubts that shoppers reported.
    doubts (id) {
        id -> Guid,
        order_id -> Guid,
        serial -> Integer,
        text -> Text,
        contact -> Nullable<Text>,
        latitude -> Nullable<Integer>,
        longitude -> Nullable<Integer>,
        at -> Instant,
        version -> Integer,
        state -> Text,
        visitor -> Nullable<Binary>,
        file_id -> Nullable<Guid>,
        note -> Nullable<Text>,
        network -> Nullable<Binary>,
        consent_version -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// GTINs that a product had before; labels were printed with them.
    former_gtins (product_id, gtin) {
        product_id -> Guid,
        gtin -> Text,
        until -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::*;

    /// How many stamps a product may get in a year.
    stamp_limits (product_id, year) {
        product_id -> Guid,
        year -> Integer,
        stamps -> BigInt,
        account_id -> Guid,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// One-time links by which a printer fetches codes; only a digest of the secret is kept.
    stamp_export_links (id) {
        id -> Guid,
        order_id -> Guid,
        digest -> Binary,
        printer -> Text,
        expires_at -> Instant,
        used_at -> Nullable<Instant>,
        account_id -> Guid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Each time that codes left the service.
    stamp_exports (id) {
        id -> Guid,
        order_id -> Guid,
        kind -> Text,
        first -> Integer,
        last -> Integer,
        account_id -> Nullable<Guid>,
        link_id -> Nullable<Guid>,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Stamps on pieces that are shown and not sold, by ranges of serials.
    stamp_displays (id) {
        id -> Guid,
        order_id -> Guid,
        first -> Integer,
        last -> Integer,
        reason -> Text,
        account_id -> Guid,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Stamps that a rule found to be copied, and what the office made of it.
    stamp_suspicions (id) {
        id -> Guid,
        version -> Integer,
        order_id -> Guid,
        serial -> Integer,
        state -> Text,
        rule -> Text,
        visitors -> Integer,
        places -> Integer,
        since -> Instant,
        found_at -> Instant,
        note -> Nullable<Text>,
        decided_by -> Nullable<Guid>,
        decided_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Codes of earlier software, which name a product and no single thing.
    legacy_codes (code) {
        code -> Text,
        product_id -> Guid,
        account_id -> Guid,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Scratch codes that were tried: when the right one came first, and how many wrong ones came on the last day.
    stamp_confirmations (order_id, serial) {
        order_id -> Guid,
        serial -> Integer,
        confirmed_at -> Nullable<Instant>,
        tried_on -> Date,
        wrong -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::Guid;

    /// Wrong scratch codes of a stamp from a network on its last day.
    stamp_tries (order_id, serial, network) {
        order_id -> Guid,
        serial -> Integer,
        network -> Binary,
        tried_on -> Date,
        wrong -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// How many stamps of a producer a network met on a day that other networks met too.
    producer_networks (producer_id, day, network) {
        producer_id -> Guid,
        day -> Date,
        network -> Binary,
        stamps -> Integer,
        first_at -> Instant,
        last_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Written notices that a certificate is about to end.
    notices (certificate_id) {
        certificate_id -> Guid,
        letter_number -> Text,
        letter_date -> Date,
        late -> Bool,
        account_id -> Guid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// What the ministry demanded of certificates.
    demands (id) {
        id -> Guid,
        certificate_id -> Guid,
        asks -> Text,
        number -> Text,
        dated -> Date,
        content -> Text,
        account_id -> Guid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Written notices of results.
    result_notices (id) {
        id -> Guid,
        version -> Integer,
        agenda_item_id -> Guid,
        attempt -> Integer,
        unit_code -> Text,
        producer_id -> Guid,
        commune_code -> Text,
        district_code -> Nullable<Text>,
        number -> Text,
        dated -> Date,
        remark -> Nullable<Text>,
        account_id -> Guid,
        created_at -> Instant,
    }
}

// ---- papers ----

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{Guid, Instant};

    /// Papers that were printed, by the code in their QR.
    papers (code) {
        code -> Text,
        kind -> Text,
        resource -> Text,
        resource_id -> Guid,
        resource_version -> Integer,
        unit_code -> Text,
        number -> Nullable<Text>,
        dated -> Nullable<Date>,
        digest -> Binary,
        made_at -> Instant,
        made_by -> Guid,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    password_links,
    second_factors,
    recovery_codes,
    openid_links,
    openid_used,
    sign_ins,
    identity_readings,
    settings,
    dossier_submissions,
    commune_reports,
    dossier_samples,
    counters,
    idempotency_keys,
    history,
    seals,
    files,
    units,
    producers,
    accounts,
    refresh_tokens,
    desk_sessions,
    sign_in_failures,
    sign_in_networks,
    registrations,
    cycles,
    criteria_sets,
    shops,
    products,
    shop_products,
    documents,
    pictures,
    ideas,
    idea_papers,
    dispatches,
    plans,
    plan_finance,
    dossiers,
    dossier_documents,
    visits,
    councils,
    seats,
    agenda_items,
    recusals,
    sheets,
    results,
    rescores,
    working_groups,
    remarks,
    surveys,
    survey_files,
    group_reports,
    absences,
    appeals,
    decisions,
    certificates,
    decision_items,
    decision_prints,
    decision_originals,
    notices,
    demands,
    result_notices,
    lots,
    lot_inputs,
    lot_events,
    lot_event_documents,
    holds,
    inspection_plans,
    inspections,
    inspection_files,
    support_policies,
    support_claims,
    support_claim_files,
    rewards,
    reward_items,
    stamp_orders,
    activations,
    voids,
    stamps,
    scans,
    visitor_salts,
    task_summaries,
    sheet_reminders,
    reminder_letters,
    account_letters,
    doubts,
    doubt_uploads,
    papers,
    stamp_limits,
    former_gtins,
    stamp_export_links,
    stamp_exports,
    stamp_displays,
    stamp_suspicions,
    legacy_codes,
    stamp_confirmations,
    stamp_tries,
    producer_networks,
    personal_data_requests,
);

diesel::joinable!(password_links -> accounts (account_id));
diesel::joinable!(agenda_items -> councils (council_id));
diesel::joinable!(agenda_items -> dossiers (dossier_id));
diesel::joinable!(seats -> councils (council_id));
diesel::joinable!(decision_items -> decisions (decision_id));
diesel::joinable!(plan_finance -> plans (plan_id));
diesel::joinable!(certificates -> agenda_items (agenda_item_id));
diesel::joinable!(stamp_orders -> products (product_id));
