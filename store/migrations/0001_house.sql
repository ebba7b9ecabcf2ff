-- The first schema: there are no facts before it.
-- Instants are BIGINT microseconds since 1970 UTC. Texts per language, fields and lists that are only ever read whole are JSON in TEXT,
-- opaque to the database. Facts are appended: no table of what was said, promised or sent has a DELETE.

CREATE TABLE instance (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE settings (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version BIGINT  NOT NULL,
    body    TEXT    NOT NULL
);

-- One row per thing the public page shows that changed; the newest version is what nodes poll.
CREATE TABLE changes (
    version BIGINT PRIMARY KEY,
    topic   TEXT   NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX changes_at ON changes (at);

CREATE TABLE leases (
    name   TEXT PRIMARY KEY,
    holder TEXT   NOT NULL,
    fence  BIGINT NOT NULL,
    until  BIGINT NOT NULL
);
CREATE INDEX leases_holder ON leases (holder, until);

-- People ---------------------------------------------------------------

CREATE TABLE people (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    title         TEXT NOT NULL,
    photo         TEXT NOT NULL,
    public_mail   TEXT NOT NULL,
    public_phone  TEXT NOT NULL,
    mail          TEXT NOT NULL,
    mail_key      TEXT NOT NULL UNIQUE,
    language      TEXT NOT NULL,
    roles         TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    mobile        TEXT NOT NULL,
    under         TEXT NOT NULL,
    deputy        TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    disabled_at   BIGINT
);
CREATE INDEX people_created ON people (created_at, id);

CREATE TABLE sessions (
    id         TEXT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE,
    person     TEXT NOT NULL REFERENCES people (id),
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    ended_at   BIGINT
);
CREATE INDEX sessions_person ON sessions (person, id) WHERE ended_at IS NULL;

CREATE TABLE tokens (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    hash       TEXT NOT NULL UNIQUE,
    person     TEXT NOT NULL REFERENCES people (id),
    scopes     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT,
    revoked_at BIGINT
);
CREATE INDEX tokens_person ON tokens (person, id);

-- Single-use links: the first set-up (person empty) and invitations.
CREATE TABLE invitations (
    hash       TEXT PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('setup', 'invitation')),
    person     TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX invitations_person ON invitations (person) WHERE used_at IS NULL;

CREATE TABLE audit (
    id     TEXT PRIMARY KEY,
    at     BIGINT NOT NULL,
    person TEXT   NOT NULL,
    via    TEXT   NOT NULL,
    ip     TEXT   NOT NULL,
    act    TEXT   NOT NULL,
    object TEXT   NOT NULL,
    before TEXT   NOT NULL,
    after  TEXT   NOT NULL,
    -- seal is a salted hash of before and after, which a blackout may have to change: then the salt is gone. number is the place in the
    -- private log, given within a second.
    salt   TEXT   NOT NULL,
    seal   TEXT   NOT NULL,
    number BIGINT UNIQUE
);
CREATE INDEX audit_unnumbered ON audit (id) WHERE number IS NULL;
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_object ON audit (object, at, id);

CREATE TABLE blobs (
    hash       TEXT PRIMARY KEY,
    type       TEXT   NOT NULL,
    body       BYTEA  NOT NULL,
    created_at BIGINT NOT NULL
);

-- Answers to repeated requests (Idempotency-Key) and counters against guessing and bombing.
CREATE TABLE requests (
    actor      TEXT   NOT NULL,
    key        TEXT   NOT NULL,
    digest     TEXT   NOT NULL,
    status     BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX requests_created ON requests (created_at);

CREATE TABLE limits (
    name   TEXT PRIMARY KEY,
    since  BIGINT  NOT NULL,
    amount BIGINT  NOT NULL
);
CREATE INDEX limits_since ON limits (since);

-- Everybody called in: one row per time, with the tree as it stood, and one per person and asking.
CREATE TABLE callins (
    id         TEXT PRIMARY KEY,
    incident   TEXT   NOT NULL,
    started_by TEXT   NOT NULL,
    note       TEXT   NOT NULL,
    tree       TEXT   NOT NULL,
    answer_in  BIGINT NOT NULL,
    passes     BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    closed_at  BIGINT
);
CREATE INDEX callins_incident ON callins (incident, at, id);

CREATE TABLE callin_people (
    callin      TEXT    NOT NULL REFERENCES callins (id),
    person      TEXT    NOT NULL REFERENCES people (id),
    pass        BIGINT  NOT NULL,
    code        TEXT    NOT NULL UNIQUE,
    rings       TEXT    NOT NULL,
    why         TEXT    NOT NULL,
    -- Whose deliveries say whether the message came through; empty for who was not sent one.
    announcement TEXT   NOT NULL,
    asked_at    BIGINT  NOT NULL,
    answer      TEXT    NOT NULL CHECK (answer IN ('', 'coming', 'unable')),
    answered_at BIGINT,
    PRIMARY KEY (callin, person, pass)
);

-- Record ---------------------------------------------------------------

-- Every public fact, once, as the log holds it. An act inserts its leaves without a number; the sequencer numbers them within a second, and
-- from then on nothing about them changes.
CREATE TABLE leaves (
    id     TEXT PRIMARY KEY,
    fact   TEXT   NOT NULL UNIQUE,
    kind   TEXT   NOT NULL,
    at     BIGINT NOT NULL,
    entry  BYTEA  NOT NULL,
    number BIGINT UNIQUE
);
CREATE INDEX leaves_unnumbered ON leaves (id) WHERE number IS NULL;
CREATE INDEX leaves_audit ON leaves (at, id) WHERE kind = 'audit';

-- What the seals of a leaf hold: people's words with their salts, apart from the log so that they can be erased. about is what they belong
-- to, such as an update.
CREATE TABLE openings (
    leaf  TEXT PRIMARY KEY REFERENCES leaves (id),
    about TEXT NOT NULL,
    body  TEXT NOT NULL
);
CREATE INDEX openings_about ON openings (about);

-- The tree over the leaves ('public') and over the audit ('audit'): tiles of 256 hashes, the last of each level unfinished, and each head
-- that was signed.
CREATE TABLE tiles (
    log    TEXT   NOT NULL CHECK (log IN ('public', 'audit')),
    level  BIGINT NOT NULL,
    n      BIGINT NOT NULL,
    hashes BYTEA  NOT NULL,
    PRIMARY KEY (log, level, n)
);
CREATE TABLE heads (
    log        TEXT   NOT NULL CHECK (log IN ('public', 'audit')),
    size       BIGINT NOT NULL,
    checkpoint TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (log, size)
);

-- Components -----------------------------------------------------------

CREATE TABLE components (
    id               TEXT PRIMARY KEY,
    code             TEXT    NOT NULL UNIQUE,
    is_group         BOOLEAN NOT NULL,
    group_id         TEXT REFERENCES components (id),
    name             TEXT    NOT NULL,
    description      TEXT    NOT NULL,
    position         BIGINT  NOT NULL,
    earns            BOOLEAN NOT NULL,
    private          BOOLEAN NOT NULL,
    only_if_degraded BOOLEAN NOT NULL,
    showcase         BOOLEAN NOT NULL,
    start_date       BIGINT,
    depends_on       TEXT    NOT NULL,
    status           TEXT    NOT NULL CHECK (status IN ('operational', 'degraded_performance', 'partial_outage', 'major_outage', 'under_maintenance', 'unknown')),
    since            BIGINT  NOT NULL,
    created_at       BIGINT  NOT NULL,
    updated_at       BIGINT  NOT NULL,
    archived_at      BIGINT
);

CREATE TABLE intervals (
    component TEXT   NOT NULL REFERENCES components (id),
    from_at   BIGINT NOT NULL,
    to_at     BIGINT,
    status    TEXT   NOT NULL CHECK (status IN ('operational', 'degraded_performance', 'partial_outage', 'major_outage', 'under_maintenance', 'unknown')),
    incident  TEXT   NOT NULL,
    PRIMARY KEY (component, from_at)
);
CREATE UNIQUE INDEX intervals_open ON intervals (component) WHERE to_at IS NULL;
CREATE INDEX intervals_to ON intervals (to_at);

-- Incidents ------------------------------------------------------------

CREATE TABLE incidents (
    id              TEXT PRIMARY KEY,
    code            TEXT   NOT NULL UNIQUE,
    number          BIGINT NOT NULL UNIQUE,
    kind            TEXT   NOT NULL CHECK (kind IN ('outage', 'billing', 'data', 'security', 'maintenance')),
    visibility      TEXT   NOT NULL CHECK (visibility IN ('draft', 'public', 'private', 'rehearsal')),
    title           TEXT   NOT NULL,
    status          TEXT   NOT NULL CHECK (status IN ('investigating', 'identified', 'monitoring', 'resolved', 'scheduled', 'in_progress', 'verifying', 'completed')),
    impact          TEXT   NOT NULL CHECK (impact IN ('none', 'minor', 'major', 'critical', 'maintenance')),
    impact_override TEXT   NOT NULL CHECK (impact_override IN ('', 'none', 'minor', 'major', 'critical')),
    cannot_work     BOOLEAN NOT NULL,
    affected        TEXT   NOT NULL,
    audience        TEXT   NOT NULL CHECK (audience IN ('uses', 'listed', 'everyone')),
    lead            TEXT   NOT NULL,
    started_at      BIGINT NOT NULL,
    detected_at     BIGINT,
    detected_by     TEXT   NOT NULL CHECK (detected_by IN ('probe', 'alert', 'staff', 'customer')),
    first_report_at BIGINT,
    declared_at     BIGINT,
    monitoring_at   BIGINT,
    resolved_at     BIGINT,
    report_due_at   BIGINT,
    window_from     BIGINT,
    window_until    BIGINT,
    auto_start      BOOLEAN NOT NULL,
    auto_end        BOOLEAN NOT NULL,
    remind_before   TEXT   NOT NULL,
    alert_group     TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
CREATE INDEX incidents_open ON incidents (started_at, id) WHERE resolved_at IS NULL;
CREATE INDEX incidents_started ON incidents (started_at, id);
CREATE INDEX incidents_resolved ON incidents (resolved_at);
CREATE INDEX incidents_kind ON incidents (kind, started_at, id);
CREATE INDEX incidents_alert ON incidents (alert_group) WHERE alert_group <> '';

CREATE TABLE updates (
    id          TEXT PRIMARY KEY,
    code        TEXT    NOT NULL UNIQUE,
    incident    TEXT    NOT NULL REFERENCES incidents (id),
    number      BIGINT  NOT NULL,
    status      TEXT    NOT NULL,
    author      TEXT    NOT NULL,
    body        TEXT    NOT NULL,
    fields      TEXT    NOT NULL,
    affected    TEXT    NOT NULL,
    holding     BOOLEAN NOT NULL,
    automatic   BOOLEAN NOT NULL,
    next_by     BIGINT,
    next_reason TEXT    NOT NULL,
    notify      BOOLEAN NOT NULL,
    at          BIGINT  NOT NULL,
    revisions   TEXT    NOT NULL,
    blackouts   TEXT    NOT NULL,
    request_key TEXT UNIQUE,
    UNIQUE (incident, number)
);

-- What a careful colleague said of a word, or of its correction, before it went out. For staff; erased only by a blackout.
CREATE TABLE advice (
    update_id  TEXT    NOT NULL REFERENCES updates (id),
    revision   BIGINT  NOT NULL,
    incident   TEXT    NOT NULL REFERENCES incidents (id),
    apologises BOOLEAN NOT NULL,
    acts       BOOLEAN NOT NULL,
    confirmed  BOOLEAN NOT NULL,
    findings   TEXT    NOT NULL,
    at         BIGINT  NOT NULL,
    PRIMARY KEY (update_id, revision)
);
CREATE INDEX advice_incident ON advice (incident, at);
-- Who counts apologies looks at these alone.
CREATE INDEX advice_weighty ON advice (at) WHERE (apologises OR acts);

-- Words that wait for a second person.
CREATE TABLE proposals (
    id          TEXT PRIMARY KEY,
    incident    TEXT   NOT NULL REFERENCES incidents (id),
    person      TEXT   NOT NULL,
    word        TEXT   NOT NULL,
    proposed_at BIGINT NOT NULL,
    request_key TEXT   NOT NULL UNIQUE,
    decided_at  BIGINT,
    decided_by  TEXT   NOT NULL,
    decision    TEXT   NOT NULL CHECK (decision IN ('', 'approved', 'declined')),
    note        TEXT   NOT NULL
);
CREATE INDEX proposals_waiting ON proposals (proposed_at, id) WHERE decided_at IS NULL;

CREATE TABLE alerts (
    group_key   TEXT   NOT NULL,
    fingerprint TEXT   NOT NULL,
    incident    TEXT   NOT NULL REFERENCES incidents (id),
    firing      BOOLEAN NOT NULL,
    body        TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (incident, group_key, fingerprint)
);

-- Promises -------------------------------------------------------------

CREATE TABLE promises (
    id           TEXT PRIMARY KEY,
    kind         TEXT    NOT NULL CHECK (kind IN ('next_update', 'data_answer', 'report', 'corrective_action', 'credit', 'call_back', 'legal_notice')),
    -- To whom. What is not to customers is shown to nobody outside.
    recipient    TEXT    NOT NULL CHECK (recipient IN ('customers', 'customer', 'staff')),
    incident     TEXT    NOT NULL REFERENCES incidents (id),
    made_by      TEXT    NOT NULL,
    promiser     TEXT    NOT NULL,
    said         TEXT    NOT NULL,
    clock        TEXT    NOT NULL,
    made_at      BIGINT  NOT NULL,
    due_at       BIGINT  NOT NULL,
    kept_at      BIGINT,
    kept_by      TEXT    NOT NULL,
    -- Kept by the update that goes out by itself: counted apart.
    automatic    BOOLEAN NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX promises_incident ON promises (incident, made_at);
CREATE INDEX promises_due ON promises (due_at, id);
CREATE INDEX promises_open ON promises (due_at, id) WHERE kept_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX promises_made ON promises (made_at, id) WHERE recipient = 'customers';

-- What staff recorded about the legal clocks of an incident, in the order it was recorded. A later row corrects an earlier one.
CREATE TABLE promise_facts (
    id          TEXT PRIMARY KEY,
    incident    TEXT   NOT NULL REFERENCES incidents (id),
    event       TEXT   NOT NULL,
    regime      TEXT   NOT NULL,
    clock       TEXT   NOT NULL,
    takes       TEXT   NOT NULL,
    reason      TEXT   NOT NULL,
    person      TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    due_at      BIGINT,
    recorded_at BIGINT NOT NULL
);
CREATE INDEX promise_facts_incident ON promise_facts (incident, recorded_at, id);

-- Everything that must happen at a time: one row per object and step, fired by being updated.
CREATE TABLE timers (
    object   TEXT   NOT NULL,
    step     TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    fired_at BIGINT,
    reason   TEXT   NOT NULL,
    PRIMARY KEY (object, step)
);
CREATE INDEX timers_due ON timers (at, object, step) WHERE fired_at IS NULL;

-- Reports --------------------------------------------------------------

-- One report on cause and corrective action per incident, as it is being written. What customers read are its revisions alone.
CREATE TABLE reports (
    id           TEXT PRIMARY KEY,
    code         TEXT   NOT NULL UNIQUE,
    incident     TEXT   NOT NULL UNIQUE REFERENCES incidents (id),
    state        TEXT   NOT NULL CHECK (state IN ('draft', 'in_review', 'published')),
    -- Counts savings, so that nobody writes over what somebody else has written meanwhile.
    version      BIGINT NOT NULL,
    author       TEXT   NOT NULL,
    reviewer     TEXT   NOT NULL,
    account      TEXT   NOT NULL,
    inside       TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    submitted_at BIGINT,
    published_at BIGINT
);
CREATE INDEX reports_published ON reports (published_at, id) WHERE published_at IS NOT NULL;
CREATE INDEX reports_unpublished ON reports (created_at, id) WHERE published_at IS NULL;

-- What was published, and each correction of it with its reason: the first is number 1.
CREATE TABLE report_revisions (
    report   TEXT   NOT NULL REFERENCES reports (id),
    number   BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    author   TEXT   NOT NULL,
    reason   TEXT   NOT NULL,
    account  TEXT   NOT NULL,
    PRIMARY KEY (report, number)
);

-- What is done so that it never happens twice. An action that is not internal is a promise to customers.
CREATE TABLE actions (
    id           TEXT PRIMARY KEY,
    code         TEXT    NOT NULL UNIQUE,
    incident     TEXT    NOT NULL REFERENCES incidents (id),
    kind         TEXT    NOT NULL CHECK (kind IN ('prevent', 'detect', 'mitigate', 'process')),
    internal     BOOLEAN NOT NULL,
    title        TEXT    NOT NULL,
    owner        TEXT    NOT NULL,
    ticket       TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('open', 'done', 'verified', 'dropped')),
    due_at       BIGINT  NOT NULL,
    -- The promise that binds now; each reopening makes another.
    promise      TEXT    NOT NULL,
    done_at      BIGINT,
    done_by      TEXT    NOT NULL,
    verify_from  BIGINT,
    verified_at  BIGINT,
    verified_by  TEXT    NOT NULL,
    evidence     TEXT    NOT NULL,
    created_at   BIGINT  NOT NULL,
    published_at BIGINT
);
CREATE INDEX actions_incident ON actions (incident, created_at, id);
CREATE INDEX actions_unsettled ON actions (due_at, id) WHERE state IN ('open', 'done');
CREATE INDEX actions_public ON actions (published_at, id) WHERE published_at IS NOT NULL;
CREATE INDEX actions_promise ON actions (promise) WHERE promise <> '';

-- Everything that became of an action, in order.
CREATE TABLE action_steps (
    action   TEXT   NOT NULL REFERENCES actions (id),
    number   BIGINT NOT NULL,
    act      TEXT   NOT NULL CHECK (act IN ('opened', 'changed', 'done', 'verified', 'refuted', 'reopened', 'dropped')),
    person   TEXT   NOT NULL,
    note     TEXT   NOT NULL,
    due_at   BIGINT,
    incident TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (action, number)
);

-- That an incident has the same cause as an earlier one: its actions did not hold.
CREATE TABLE same_causes (
    incident TEXT   NOT NULL REFERENCES incidents (id),
    earlier  TEXT   NOT NULL REFERENCES incidents (id),
    person   TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (incident, earlier)
);
CREATE INDEX same_causes_earlier ON same_causes (earlier, incident);

-- Audience -------------------------------------------------------------

CREATE TABLE contacts (
    id            TEXT PRIMARY KEY,
    code          TEXT    NOT NULL UNIQUE,
    channel       TEXT    NOT NULL,
    address       TEXT    NOT NULL,
    address_key   TEXT    NOT NULL,
    domain        TEXT    NOT NULL,
    keys          TEXT    NOT NULL,
    language      TEXT    NOT NULL,
    every_update  BOOLEAN NOT NULL,
    created_at    BIGINT  NOT NULL,
    confirmed_at  BIGINT,
    ended_at      BIGINT,
    asked         BIGINT  NOT NULL,
    last_asked_at BIGINT,
    UNIQUE (address_key, channel)
);
-- Who was asked or has confirmed subscribes, or did; other contacts are only customers', and come by the million.
CREATE INDEX contacts_created ON contacts (created_at, id) WHERE (confirmed_at IS NOT NULL OR last_asked_at IS NOT NULL);
CREATE INDEX contacts_confirmed ON contacts (id) WHERE confirmed_at IS NOT NULL;
CREATE INDEX contacts_unconfirmed ON contacts (last_asked_at) WHERE confirmed_at IS NULL AND ended_at IS NULL AND last_asked_at IS NOT NULL;

-- No row means everything.
CREATE TABLE contact_components (
    contact   TEXT NOT NULL REFERENCES contacts (id),
    component TEXT NOT NULL REFERENCES components (id),
    PRIMARY KEY (contact, component)
);

-- Customers come by the million in one file, from one function that has just written both ends of each link: what links them has no
-- REFERENCES, which PostgreSQL would check row by row. name_key is bytes, so that a search by beginning is the same in every collation;
-- it has no index, which a million names in no order would make a sixth of an import, for a search that a person waits half a second for.
CREATE TABLE customers (
    id         TEXT PRIMARY KEY,
    code       TEXT   NOT NULL UNIQUE,
    external   TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    name_key   BYTEA  NOT NULL,
    language   TEXT   NOT NULL,
    zone       TEXT   NOT NULL,
    plan       TEXT   NOT NULL,
    fee        BIGINT NOT NULL,
    currency   TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    erased_at  BIGINT,
    -- Since when they want to be rung at night too. No file and no form of ours says this, so none takes it away.
    any_hour_at BIGINT
);
CREATE UNIQUE INDEX customers_external ON customers (external) WHERE external <> '';

-- by_channel is the contact's, which never changes: whoever looks for a customer's mail address need not look at all their contacts.
CREATE TABLE customer_contacts (
    customer   TEXT   NOT NULL,
    contact    TEXT   NOT NULL,
    rank       BIGINT NOT NULL,
    by_channel TEXT   NOT NULL,
    PRIMARY KEY (customer, contact)
);
CREATE INDEX customer_contacts_contact ON customer_contacts (contact, customer);

CREATE TABLE customer_components (
    customer  TEXT NOT NULL,
    component TEXT NOT NULL,
    since_at  BIGINT,
    until_at  BIGINT,
    PRIMARY KEY (customer, component)
);
CREATE INDEX customer_components_component ON customer_components (component, customer);

CREATE TABLE consents (
    customer TEXT   NOT NULL,
    contact  TEXT   NOT NULL,
    text     TEXT   NOT NULL,
    how      TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (customer, contact, at)
);

CREATE TABLE suppressions (
    channel TEXT   NOT NULL,
    hash    TEXT   NOT NULL,
    reason  TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (channel, hash)
);

-- Reach ----------------------------------------------------------------

CREATE TABLE announcements (
    id         TEXT PRIMARY KEY,
    kind       TEXT   NOT NULL,
    incident   TEXT   NOT NULL,
    update_id  TEXT   NOT NULL,
    promise    TEXT   NOT NULL,
    target     TEXT   NOT NULL,
    priority   BIGINT NOT NULL,
    link       TEXT   NOT NULL,
    as_of      BIGINT NOT NULL,
    cursor     TEXT   NOT NULL,
    planned_at BIGINT,
    paused_at  BIGINT,
    -- Counts pauses and resumptions while deliveries of it may lie aside, out of the way of the claims; 0 when none does.
    aside      BIGINT NOT NULL
);
CREATE INDEX announcements_open ON announcements (priority, as_of, id) WHERE planned_at IS NULL;
CREATE INDEX announcements_paused ON announcements (id) WHERE paused_at IS NOT NULL;
CREATE INDEX announcements_aside ON announcements (id) WHERE aside > 0;
CREATE INDEX announcements_incident ON announcements (incident, as_of);
CREATE INDEX announcements_said ON announcements (as_of, id) WHERE kind IN ('update', 'correction', 'upcoming', 'report');
CREATE INDEX announcements_tests ON announcements (as_of, id) WHERE kind = 'test';

-- Each is inserted and changed by the million. SQLite makes a list of more than two anew for every row it holds against a CHECK or against an
-- index's condition, which costs more than the row: so such lists are written in pairs here and in the tables below, and queries spell the
-- conditions of the indexes in the same way. PostgreSQL looks the other end of a REFERENCES up for each row, hence none to announcements,
-- which are never deleted.
CREATE TABLE deliveries (
    id             TEXT PRIMARY KEY,
    announcement   TEXT   NOT NULL,
    channel        TEXT   NOT NULL,
    address        TEXT   NOT NULL,
    address_key    TEXT   NOT NULL,
    domain         TEXT   NOT NULL,
    contact        TEXT   NOT NULL,
    language       TEXT   NOT NULL,
    cycle          BIGINT NOT NULL,
    climb          BIGINT NOT NULL,
    priority       BIGINT NOT NULL,
    state          TEXT   NOT NULL CHECK (state IN ('planned', 'claimed') OR state IN ('retry_at', 'accepted')
        OR state IN ('delivered', 'acknowledged') OR state IN ('bounced', 'complained') OR state IN ('failed', 'suppressed') OR state IN ('poison', 'superseded')),
    attempt        BIGINT NOT NULL,
    fence          BIGINT NOT NULL,
    lease_holder   TEXT   NOT NULL,
    lease_until    BIGINT,
    next_at        BIGINT NOT NULL,
    first_tried_at BIGINT,
    planned_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    provider_id    TEXT   NOT NULL,
    code           TEXT   NOT NULL,
    reason         TEXT   NOT NULL
);
-- A contact has its address to itself, so who has one gets a message once by it, and a bare address by its letters. In the order of contacts
-- new entries lie side by side; in the order of addresses each would touch a page of its own.
CREATE UNIQUE INDEX deliveries_contact ON deliveries (contact, announcement, channel, cycle) WHERE contact <> '';
CREATE UNIQUE INDEX deliveries_address ON deliveries (announcement, channel, address_key, cycle) WHERE contact = '';
-- Each message is claimed and ends: an index that has its state is written three times for it. So what is open is counted in deliveries_due,
-- what was told in deliveries_told, and only the rest has an index of states.
CREATE INDEX deliveries_due ON deliveries (channel, priority, next_at, id, domain, announcement, state) WHERE (state IN ('planned', 'claimed') OR state = 'retry_at');
CREATE INDEX deliveries_announcement ON deliveries (announcement, id);
CREATE INDEX deliveries_state ON deliveries (announcement, state, id) WHERE state NOT IN ('planned', 'claimed') AND state NOT IN ('retry_at', 'accepted');
CREATE INDEX deliveries_told ON deliveries (announcement, updated_at, state) WHERE (state IN ('accepted', 'delivered') OR state IN ('acknowledged', 'complained'));

-- The customers an incident is about, where somebody named them.
CREATE TABLE incident_customers (
    incident TEXT NOT NULL REFERENCES incidents (id),
    customer TEXT NOT NULL,
    PRIMARY KEY (incident, customer)
);

-- One row for each customer an incident affects: why, how far up the ladder, and how it ended. Coverage is counted from these rows. They
-- come by the million, from one statement that reads the customers: no REFERENCES.
CREATE TABLE affected (
    incident   TEXT   NOT NULL,
    customer   TEXT   NOT NULL,
    why        TEXT   NOT NULL CHECK (why IN ('uses', 'listed') OR why = 'everyone'),
    component  TEXT   NOT NULL,
    language   TEXT   NOT NULL,
    channel    TEXT   NOT NULL,
    since_at   BIGINT NOT NULL,
    told_at    BIGINT,
    reached_at BIGINT,
    closed_at  BIGINT,
    ended      TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    call_at    BIGINT,
    next_at    BIGINT,
    -- When the budget was found not to carry their climb.
    beyond_at  BIGINT,
    -- Where the customer is, in one word, so that coverage is counted, and every list of some of them read, in one index.
    standing   TEXT   GENERATED ALWAYS AS (ended || ' ' || channel || ' ' || CASE WHEN told_at IS NULL THEN '' ELSE 'told' END || ' '
        || CASE WHEN call_at IS NULL THEN '' ELSE 'calling' END || ' ' || language || ' ' || component || ' ' || reason) STORED,
    PRIMARY KEY (incident, customer)
);
CREATE INDEX affected_standing ON affected (incident, standing, customer);
-- That more customers of an incident are known since an instant, and up to which the budget has been handed out among them.
CREATE TABLE rations (
    incident TEXT PRIMARY KEY,
    asked_at BIGINT NOT NULL,
    done_at  BIGINT NOT NULL
);
CREATE INDEX rations_open ON rations (asked_at) WHERE asked_at > done_at;

-- The sample asked after an incident whether they got the word and know what to do. Answers are appended; the last of each counts.
CREATE TABLE effects (
    incident TEXT PRIMARY KEY REFERENCES incidents (id),
    at       BIGINT NOT NULL,
    level    TEXT   NOT NULL,
    affected BIGINT NOT NULL,
    asked    BIGINT NOT NULL
);
CREATE TABLE effect_asked (
    incident TEXT NOT NULL,
    customer TEXT NOT NULL,
    PRIMARY KEY (incident, customer)
);
CREATE TABLE effect_answers (
    incident TEXT   NOT NULL,
    customer TEXT   NOT NULL,
    answer   TEXT   NOT NULL CHECK (answer IN ('yes', 'no', 'not_got')),
    at       BIGINT NOT NULL,
    PRIMARY KEY (incident, customer, at)
);

-- What was decided about a customer and why, each time it was something else than before: their story, for whoever asks why they were called.
CREATE TABLE decisions (
    incident TEXT   NOT NULL REFERENCES incidents (id),
    customer TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    act      TEXT   NOT NULL CHECK (act IN ('send', 'wait') OR act IN ('hand_over', 'close')),
    channel  TEXT   NOT NULL,
    contact  TEXT   NOT NULL,
    reason   TEXT   NOT NULL,
    ended    TEXT   NOT NULL,
    PRIMARY KEY (incident, customer, at, act, channel, contact)
);

-- That a customer knows, and how they said so; many may say it, and say it again after a correction.
CREATE TABLE acknowledgements (
    incident TEXT   NOT NULL REFERENCES incidents (id),
    customer TEXT   NOT NULL,
    contact  TEXT   NOT NULL,
    how      TEXT   NOT NULL CHECK (how IN ('link', 'reply') OR how IN ('register', 'machine')),
    at       BIGINT NOT NULL,
    PRIMARY KEY (incident, customer, at, how)
);

-- What became of each call of ours.
CREATE TABLE calls (
    id       TEXT PRIMARY KEY,
    incident TEXT   NOT NULL REFERENCES incidents (id),
    customer TEXT   NOT NULL,
    contact  TEXT   NOT NULL,
    person   TEXT   NOT NULL,
    outcome  TEXT   NOT NULL,
    note     TEXT   NOT NULL,
    back_at  BIGINT,
    at       BIGINT NOT NULL,
    once     TEXT   NOT NULL
);
CREATE INDEX calls_customer ON calls (incident, customer, at);
CREATE UNIQUE INDEX calls_once ON calls (once, incident) WHERE once <> '';

-- What one agent leaves to the next about somebody on the call list: a customer, or a number that is nobody's yet.
CREATE TABLE call_notes (
    who    TEXT   NOT NULL,
    person TEXT   NOT NULL,
    note   TEXT   NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (who, at, person)
);
CREATE INDEX call_notes_person ON call_notes (person, at);

-- Who asked to be called: a customer on their own page, or anybody who left a number during an incident (customer empty until an agent knows).
CREATE TABLE call_requests (
    id       TEXT PRIMARY KEY,
    incident TEXT   NOT NULL REFERENCES incidents (id),
    customer TEXT   NOT NULL,
    contact  TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    number   TEXT   NOT NULL,
    language TEXT   NOT NULL,
    note     TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    call_at  BIGINT NOT NULL,
    tries    BIGINT NOT NULL,
    done_at  BIGINT,
    call     TEXT   NOT NULL
);
CREATE INDEX call_requests_open ON call_requests (at, id) WHERE done_at IS NULL;
CREATE INDEX call_requests_customer ON call_requests (incident, customer, at);
CREATE INDEX affected_due ON affected (next_at, incident, customer) WHERE next_at IS NOT NULL;
CREATE INDEX affected_calls ON affected (incident, call_at, customer) WHERE call_at IS NOT NULL;

-- What came back about deliveries, appended in the order it came: a provider's receipt, a bounce, a reply. delivery is empty where it
-- cannot be told; machine says that no person is behind it. body is personal and may be emptied; the row stays. digest is of a mail, which
-- comes twice where a server was cut off before it heard that we had it.
CREATE TABLE receipts (
    id       TEXT PRIMARY KEY,
    delivery TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    source   TEXT    NOT NULL,
    machine  BOOLEAN NOT NULL,
    code     TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    at       BIGINT  NOT NULL,
    digest   TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX receipts_delivery ON receipts (delivery, id) WHERE delivery <> '';
CREATE INDEX receipts_at ON receipts (at, id);
CREATE UNIQUE INDEX receipts_once ON receipts (delivery, digest) WHERE digest <> '';

-- What customers wrote back, or machines for them, beside the receipt that holds the words: what it takes to answer in the same thread, and
-- who did. A reply is answered once; the customer's next mail is the next reply. message_id, sender, subject and answer are personal.
CREATE TABLE replies (
    receipt      TEXT PRIMARY KEY REFERENCES receipts (id),
    delivery     TEXT NOT NULL,
    contact      TEXT NOT NULL,
    incident     TEXT NOT NULL,
    standing     TEXT NOT NULL CHECK (standing IN ('open', 'answered', 'automatic')),
    message_id   TEXT NOT NULL,
    sender       TEXT NOT NULL,
    subject      TEXT NOT NULL,
    at           BIGINT NOT NULL,
    answered_at  BIGINT,
    answered_by  TEXT NOT NULL,
    answer       TEXT NOT NULL,
    announcement TEXT NOT NULL
);
CREATE INDEX replies_standing ON replies (standing, at, receipt);
CREATE INDEX replies_incident ON replies (incident, standing, at, receipt);
CREATE INDEX replies_contact ON replies (contact, at, receipt);
CREATE UNIQUE INDEX replies_announcement ON replies (announcement) WHERE announcement <> '';

-- Letters while no mail server is configured: read in the console, sent to nobody.
CREATE TABLE outbox (
    delivery TEXT PRIMARY KEY REFERENCES deliveries (id),
    at       BIGINT NOT NULL,
    sender   TEXT   NOT NULL,
    address  TEXT   NOT NULL,
    subject  TEXT   NOT NULL,
    text     TEXT   NOT NULL,
    html     TEXT   NOT NULL
);
CREATE INDEX outbox_at ON outbox (at, delivery);

-- Amends: terms, credit runs, credits ------------------------------------

-- What contracts say about credits, and for whom they are: everybody, a plan, the users of a component, customers by name. A revision is a
-- new row of the same name; the one that nothing has replaced holds, unless it says that the terms are not used any more.
CREATE TABLE terms (
    id          TEXT PRIMARY KEY,
    name        TEXT    NOT NULL,
    revision    BIGINT  NOT NULL,
    plan        TEXT    NOT NULL,
    component   TEXT    NOT NULL,
    customers   TEXT    NOT NULL,
    body        TEXT    NOT NULL,
    note        TEXT    NOT NULL,
    retired     BOOLEAN NOT NULL,
    made_by     TEXT    NOT NULL,
    made_at     BIGINT  NOT NULL,
    replaced_at BIGINT,
    UNIQUE (name, revision)
);
CREATE UNIQUE INDEX terms_current ON terms (name) WHERE replaced_at IS NULL;

-- What an incident's customers are owed, or a month's (incident empty). draft is reckoned and waits for approval, reckoning is on the way
-- there, dropped was replaced by another draft. After approval nothing of it changes but that its offers are made. supplements is the run
-- that this one adds to, after the outage's times were corrected. basis and rule are all that it was reckoned from but the customers, whose
-- part is in credits; digest is of everything, once it is reckoned; cursor is how far that is, with what has been summed up so far.
CREATE TABLE credit_runs (
    id          TEXT PRIMARY KEY,
    incident    TEXT   NOT NULL,
    month       TEXT   NOT NULL,
    supplements TEXT   NOT NULL,
    state       TEXT   NOT NULL CHECK (state IN ('reckoning', 'draft', 'approved', 'offered', 'dropped')),
    rule        TEXT   NOT NULL,
    basis       TEXT   NOT NULL,
    inputs      TEXT   NOT NULL,
    cursor      TEXT   NOT NULL,
    digest      TEXT   NOT NULL,
    totals      TEXT   NOT NULL,
    expected    BIGINT NOT NULL,
    made_by     TEXT   NOT NULL,
    made_at     BIGINT NOT NULL,
    reckoned_at BIGINT,
    approved_by TEXT   NOT NULL,
    approved_at BIGINT,
    second_by   TEXT   NOT NULL,
    second_at   BIGINT,
    offered_at  BIGINT
);
CREATE UNIQUE INDEX credit_runs_draft ON credit_runs (incident, month) WHERE state IN ('reckoning', 'draft');
CREATE INDEX credit_runs_incident ON credit_runs (incident, made_at, id);
CREATE INDEX credit_runs_month ON credit_runs (month, made_at, id);
CREATE INDEX credit_runs_made ON credit_runs (made_at, id);
CREATE INDEX credit_runs_state ON credit_runs (state, made_at, id);

-- One for each customer of a run. minor is what is to be offered, contract how much of it their terms owe for period (a month, a quarter;
-- empty: the incident alone), so that what one run pays no other pays again. facts is what is needed of the customer to reckon it again:
-- with the run's basis it comes to the same lines. They come by the million: no REFERENCES.
CREATE TABLE credits (
    run      TEXT   NOT NULL,
    customer TEXT   NOT NULL,
    currency TEXT   NOT NULL,
    minor    BIGINT NOT NULL,
    contract BIGINT NOT NULL,
    period   TEXT   NOT NULL,
    terms    TEXT   NOT NULL,
    why      TEXT   NOT NULL,
    fault    TEXT   NOT NULL,
    facts    TEXT   NOT NULL,
    PRIMARY KEY (run, customer)
);
CREATE INDEX credits_why ON credits (run, why, customer);
CREATE INDEX credits_customer ON credits (customer, run);
-- Amends: offers, redemption, booking --------------------------------------

-- How an approved run is offered: signed by whom, in what words, until when, and what becomes of who says nothing. The first few are booked
-- and compared with the book before the rest are: that is trial; halted is a trial, or a later comparison, that did not agree.
CREATE TABLE offerings (
    run          TEXT PRIMARY KEY,
    incident     TEXT   NOT NULL,
    policy       TEXT   NOT NULL,
    words        TEXT   NOT NULL,
    signer       TEXT   NOT NULL,
    promise      TEXT   NOT NULL,
    announcement TEXT   NOT NULL,
    state        TEXT   NOT NULL CHECK (state IN ('trial', 'open') OR state IN ('halted', 'closed')),
    reason       TEXT   NOT NULL,
    -- The last customer whose offer is made; all are at made_at, and their letters have gone at told_at.
    cursor       TEXT   NOT NULL,
    began_by     TEXT   NOT NULL,
    began_at     BIGINT NOT NULL,
    made_at      BIGINT,
    told_at      BIGINT,
    -- When to look next whether somebody is to be reminded, or has said nothing until the end.
    look_at      BIGINT,
    reminded     BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    closed_at    BIGINT
);
CREATE INDEX offerings_state ON offerings (state, began_at, run);

-- One for each customer of a run who is owed something, and one more for each objection of theirs that was right. hash is of the token that
-- redeems it: the token itself is in the letter alone, and derived again when a letter is written again. An export numbers what is handed
-- to the book together; 0 is none yet. They come by the million: no REFERENCES.
CREATE TABLE offers (
    id          TEXT PRIMARY KEY,
    run         TEXT   NOT NULL,
    customer    TEXT   NOT NULL,
    objection   TEXT   NOT NULL,
    hash        TEXT   NOT NULL UNIQUE,
    currency    TEXT   NOT NULL,
    minor       BIGINT NOT NULL CHECK (minor > 0),
    state       TEXT   NOT NULL CHECK (state IN ('offered', 'redeemed') OR state IN ('booked', 'settled') OR state IN ('failed', 'lapsed')),
    how         TEXT   NOT NULL CHECK (how IN ('', 'customer') OR how IN ('automatic', 'expiry')),
    reason      TEXT   NOT NULL,
    export      BIGINT NOT NULL,
    entry       TEXT   NOT NULL,
    attempt     BIGINT NOT NULL,
    offered_at  BIGINT NOT NULL,
    redeemed_at BIGINT,
    booked_at   BIGINT,
    settled_at  BIGINT,
    next_at     BIGINT,
    UNIQUE (run, customer, objection)
);
CREATE INDEX offers_customer ON offers (customer, offered_at, id);
CREATE INDEX offers_due ON offers (run, id) WHERE (state IN ('redeemed', 'failed')) AND export = 0;
CREATE INDEX offers_export ON offers (export, id) WHERE export > 0;
CREATE INDEX offers_waiting ON offers (run, customer) WHERE state = 'offered';

-- What is handed to a book together, by a number that is never given twice: handed over again, it is the same.
CREATE TABLE exports (
    number     BIGINT PRIMARY KEY,
    book       TEXT   NOT NULL,
    run        TEXT   NOT NULL,
    entries    BIGINT NOT NULL,
    holder     TEXT   NOT NULL,
    made_at    BIGINT NOT NULL,
    next_at    BIGINT,
    entered_at BIGINT,
    settled_at BIGINT
);
CREATE INDEX exports_open ON exports (next_at, number) WHERE next_at IS NOT NULL;
CREATE INDEX exports_run ON exports (run, number);

-- A customer says that a sum is wrong or that something of theirs is missing: one of us answers by a time that they were told. words and
-- answer are personal.
CREATE TABLE objections (
    id          TEXT PRIMARY KEY,
    offer       TEXT   NOT NULL,
    run         TEXT   NOT NULL,
    customer    TEXT   NOT NULL,
    incident    TEXT   NOT NULL,
    kind        TEXT   NOT NULL CHECK (kind IN ('sum', 'missing') OR kind = 'cash'),
    words       TEXT   NOT NULL,
    language    TEXT   NOT NULL,
    promise     TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    answered_at BIGINT,
    answered_by TEXT   NOT NULL,
    verdict     TEXT   NOT NULL CHECK (verdict IN ('', 'upheld') OR verdict IN ('declined', 'talked')),
    answer      TEXT   NOT NULL,
    minor       BIGINT NOT NULL
);
CREATE INDEX objections_open ON objections (due_at, id) WHERE answered_at IS NULL;
CREATE INDEX objections_offer ON objections (offer, at, id);
CREATE INDEX objections_customer ON objections (customer, at, id);

-- The conversation -----------------------------------------------------

-- What people wrote below an incident or a report, and what we answered. number is the place on the page, which nobody else ever gets: 0 for
-- what never had one, and for an answer of ours, which stands with the comment it answers. Who wrote is a contact if they left an address,
-- a person if they are one of us, and else a name and nothing more. name, body and origin are personal and emptied; the row stays and says
-- who decided. digest knows the same form sent twice.
CREATE TABLE comments (
    id           TEXT PRIMARY KEY,
    code         TEXT    NOT NULL UNIQUE,
    topic        TEXT    NOT NULL CHECK (topic IN ('incident', 'report')),
    object       TEXT    NOT NULL,
    number       BIGINT  NOT NULL,
    answers      TEXT    NOT NULL,
    person       TEXT    NOT NULL,
    contact      TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    body         TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('unconfirmed', 'checking', 'held', 'shown', 'hidden', 'lapsed')),
    score        BIGINT  NOT NULL,
    signs        TEXT    NOT NULL,
    origin       TEXT    NOT NULL,
    digest       TEXT    NOT NULL,
    at           BIGINT  NOT NULL,
    shown_at     BIGINT,
    reason       TEXT    NOT NULL,
    decided_at   BIGINT,
    decided_by   TEXT    NOT NULL,
    flags        BIGINT  NOT NULL,
    first_report BOOLEAN NOT NULL,
    call         TEXT    NOT NULL,
    announcement TEXT    NOT NULL,
    erased_at    BIGINT
);
CREATE UNIQUE INDEX comments_place ON comments (object, number) WHERE number > 0;
CREATE INDEX comments_answers ON comments (answers, at, id) WHERE answers <> '';
CREATE INDEX comments_state ON comments (state, at, id);
CREATE INDEX comments_object ON comments (object, state, at, id);
CREATE INDEX comments_flagged ON comments (at, id) WHERE flags > 0;
CREATE INDEX comments_contact ON comments (contact, at, id) WHERE contact <> '';
CREATE INDEX comments_digest ON comments (object, digest);
CREATE UNIQUE INDEX comments_announcement ON comments (announcement) WHERE announcement <> '';

-- Readers who asked us to look at a comment: one row per network, which is kept as a keyed hash.
CREATE TABLE comment_flags (
    comment TEXT   NOT NULL REFERENCES comments (id),
    network TEXT   NOT NULL,
    reason  TEXT   NOT NULL,
    note    TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (comment, network)
);
