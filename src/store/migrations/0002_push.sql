-- What a bank pushed: the receipts, and where it wants its cardholder back. Sealed, and erased a day later.
ALTER TABLE sessions ADD COLUMN push_sealed TEXT;

-- Posted pushes that wait for the GET after the POST. Sealed, short-lived.
CREATE TABLE parked_pushes (
    handle        TEXT   NOT NULL PRIMARY KEY,
    sealed        TEXT   NOT NULL,
    expires_at    BIGINT NOT NULL
);
