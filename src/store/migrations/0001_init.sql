-- One dialect for SQLite and PostgreSQL: TEXT ids, BIGINT milliseconds, JSON and bytes as TEXT.
-- Tables keyed by random ids stay rowid tables in SQLite: a scan by time is then two orders of magnitude faster.

CREATE TABLE sessions (
    id            TEXT   NOT NULL PRIMARY KEY,
    owner         TEXT   NOT NULL,
    issuer        TEXT   NOT NULL,
    issuer_name   TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    body          TEXT   NOT NULL,
    -- The code that the cardholder gives to the issuer, while it can still be compared.
    code_sealed   TEXT,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL,
    due_at        BIGINT,
    -- What the one who began it calls this beginning: asked for again under that name, it is the same session.
    start_key     TEXT   UNIQUE,
    lease_until   BIGINT NOT NULL,
    lease_ms      BIGINT NOT NULL,
    fence         BIGINT NOT NULL,
    version       BIGINT NOT NULL
);
CREATE INDEX sessions_due ON sessions (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX sessions_owner ON sessions (owner, created_at);

-- A receipt is spent by this key, once. It outlives the session, and any receipt. A receipt that must never be used is here
-- too, with no session.
CREATE TABLE receipts (
    fingerprint   TEXT   NOT NULL PRIMARY KEY,
    session_id    TEXT,
    spent_at      BIGINT NOT NULL
);
CREATE INDEX receipts_spent ON receipts (spent_at);

-- Returns that wait: for the GET after a POST, for a code, for a sign-in. Sealed, short-lived, erased when the session moves.
CREATE TABLE parked_returns (
    handle        TEXT   NOT NULL PRIMARY KEY,
    session_id    TEXT   NOT NULL,
    waits_for     TEXT   NOT NULL,
    content       TEXT   NOT NULL,
    browser       TEXT,
    sealed        TEXT   NOT NULL,
    tries         BIGINT NOT NULL,
    parked_at     BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    UNIQUE (session_id, waits_for, content)
);

CREATE TABLE cards (
    id                 TEXT   NOT NULL PRIMARY KEY,
    session_id         TEXT   NOT NULL,
    position           BIGINT NOT NULL,
    owner              TEXT   NOT NULL,
    receipt            TEXT   NOT NULL UNIQUE,
    state              TEXT   NOT NULL,
    body               TEXT   NOT NULL,
    receipt_sealed     TEXT,
    eligibility_sealed TEXT,
    code_sealed        TEXT,
    token_reference    TEXT   UNIQUE,
    account_reference  TEXT,
    -- Owner and account while the card is in the wallet: one account is in one wallet once.
    live_account       TEXT   UNIQUE,
    changed_at         BIGINT NOT NULL
);
CREATE INDEX cards_session ON cards (session_id, position);
CREATE INDEX cards_owner ON cards (owner, changed_at);

-- Every attempt of a call that changes something at MDES: prepared, then sent, each committed before the first byte
-- leaves.
CREATE TABLE effects (
    request_id    TEXT   NOT NULL PRIMARY KEY,
    session_id    TEXT   NOT NULL,
    card_id       TEXT   NOT NULL,
    operation     TEXT   NOT NULL,
    number        BIGINT NOT NULL,
    task_id       TEXT   UNIQUE,
    status        TEXT   NOT NULL,
    prepared_at   BIGINT NOT NULL,
    sent_at       BIGINT,
    asked         BIGINT NOT NULL,
    ask_at        BIGINT,
    changed_at    BIGINT NOT NULL,
    UNIQUE (card_id, operation, number)
);
CREATE INDEX effects_session ON effects (session_id);

CREATE TABLE issuers (
    id            TEXT   NOT NULL PRIMARY KEY,
    position      BIGINT NOT NULL,
    name          TEXT   NOT NULL,
    alias         TEXT,
    countries     TEXT   NOT NULL,
    logo          TEXT,
    methods       TEXT   NOT NULL,
    rejected      TEXT   NOT NULL
);

-- Whom an issuer opened when it was first seen: hosts, packages, schemes. What is opened since besides raises an alarm
-- until the row is deleted.
CREATE TABLE pins (
    issuer        TEXT   NOT NULL PRIMARY KEY,
    places        TEXT   NOT NULL,
    pinned_at     BIGINT NOT NULL
);

-- Assets never change, so they are kept for ever; the bytes as base64.
CREATE TABLE assets (
    id            TEXT   NOT NULL,
    position      BIGINT NOT NULL,
    media_type    TEXT   NOT NULL,
    bytes         TEXT   NOT NULL,
    width         BIGINT,
    height        BIGINT,
    fetched_at    BIGINT NOT NULL,
    PRIMARY KEY (id, position)
);

-- Pictures as they are served, made of the assets: a logo in one size, card art in one or two. The name is made of the
-- content.
CREATE TABLE pictures (
    asset         TEXT   NOT NULL,
    purpose       TEXT   NOT NULL,
    width         BIGINT NOT NULL,
    height        BIGINT NOT NULL,
    name          TEXT   NOT NULL,
    bytes         TEXT   NOT NULL,
    made_at       BIGINT NOT NULL,
    PRIMARY KEY (asset, purpose, width)
);
CREATE INDEX pictures_by_name ON pictures (name);

-- Browsers that may be signed in to an account, once each, for a short while. Neither the token nor the account's name is
-- here, only keyed hashes of them.
CREATE TABLE handoffs (
    token         TEXT   NOT NULL PRIMARY KEY,
    account       TEXT   NOT NULL,
    path          TEXT   NOT NULL,
    -- What the sign-in page was given where a return waits for this sign-in, hashed.
    ticket        TEXT,
    expires_at    BIGINT NOT NULL,
    used_at       BIGINT
);
CREATE INDEX handoffs_expiry ON handoffs (expires_at);

-- Browsers that are signed in to an account.
CREATE TABLE sign_ins (
    browser       TEXT   NOT NULL PRIMARY KEY,
    account       TEXT   NOT NULL,
    since         BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL
);
CREATE INDEX sign_ins_expiry ON sign_ins (expires_at);

-- Single facts with a name, for example when the directory was fetched.
CREATE TABLE facts (
    name          TEXT   NOT NULL PRIMARY KEY,
    value         BIGINT NOT NULL
);
