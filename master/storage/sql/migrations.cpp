// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/migrations.h"

namespace ifrit::master::storage::sql {
namespace {

Migration trust() {
    return {1,
            "cluster and trust",
            {
                "CREATE TABLE cluster (one {int} NOT NULL PRIMARY KEY CHECK (one = 1), "
                "name {name} NOT NULL, kind {name} NOT NULL, ring_batches {int} NOT NULL, "
                "ring_virtual_nodes {int} NOT NULL, ring_seed {int} NOT NULL, "
                "created_ms {int} NOT NULL) {keyed}",

                "CREATE TABLE counters (name {name} NOT NULL PRIMARY KEY, value {int} NOT NULL) "
                "{keyed}",
                "INSERT INTO counters (name, value) VALUES ('generation', 0), "
                "('release_number', 0)",

                "CREATE TABLE operators (name {name} NOT NULL PRIMARY KEY, "
                "password_hash {text} NOT NULL, role {name} NOT NULL, disabled {int} NOT NULL, "
                "created_ms {int} NOT NULL, changed_ms {int} NOT NULL) {keyed}",

                "CREATE TABLE sessions (token_hash {name} NOT NULL PRIMARY KEY, "
                "operator {name} NOT NULL REFERENCES operators (name) ON DELETE CASCADE, "
                "created_ms {int} NOT NULL, expires_ms {int} NOT NULL) {keyed}",
                "CREATE INDEX sessions_operator ON sessions (operator)",
                "CREATE INDEX sessions_expires ON sessions (expires_ms)",

                "CREATE TABLE join_tokens (token_hash {name} NOT NULL PRIMARY KEY, "
                "uuid {name} NOT NULL, created_by {name} NOT NULL, created_ms {int} NOT NULL, "
                "expires_ms {int} NOT NULL, used_ms {int}, used_by {name}) {keyed}",
                "CREATE INDEX join_tokens_expires ON join_tokens (expires_ms)",

                "CREATE TABLE certificates (serial {name} NOT NULL PRIMARY KEY, "
                "role {name} NOT NULL, name {name} NOT NULL, issued_ms {int} NOT NULL, "
                "not_after_ms {int} NOT NULL, revoked_ms {int}, revoke_reason {text}) {keyed}",
                "CREATE INDEX certificates_name ON certificates (role, name, issued_ms)",
                "CREATE INDEX certificates_revoked ON certificates (revoked_ms)",

                "CREATE TABLE publisher_keys (key_id {name} NOT NULL PRIMARY KEY, "
                "name {name} NOT NULL UNIQUE, public_key_pem {text} NOT NULL, "
                "added_ms {int} NOT NULL, added_by {name} NOT NULL) {keyed}",

                "CREATE TABLE audit_rows (id {int} NOT NULL PRIMARY KEY, cluster {name} NOT NULL, "
                "at_ms {int} NOT NULL, actor {text} NOT NULL, via {text} NOT NULL, "
                "address {text} NOT NULL, verb {name} NOT NULL, object {text} NOT NULL, "
                "result {name} NOT NULL, reason {text} NOT NULL, before_json {text} NOT NULL, "
                "after_json {text} NOT NULL, request_id {text} NOT NULL, error {text} NOT NULL, "
                "previous_hash {blob} NOT NULL, hash {blob} NOT NULL) {rows}",
                "CREATE INDEX audit_rows_at ON audit_rows (at_ms)",
                "CREATE TABLE audit_head (one {int} NOT NULL PRIMARY KEY CHECK (one = 1), "
                "id {int} NOT NULL, hash {blob} NOT NULL) {keyed}",
                "INSERT INTO audit_head (one, id, hash) VALUES (1, 0, "
                "x'0000000000000000000000000000000000000000000000000000000000000000')",

                "CREATE TABLE requests (actor {name} NOT NULL, request_id {name} NOT NULL, "
                "verb {name} NOT NULL, object {text} NOT NULL, at_ms {int} NOT NULL, "
                "PRIMARY KEY (actor, request_id)) {keyed}",
                "CREATE INDEX requests_at ON requests (at_ms)",
            }};
}

Migration fleet() {
    return {2,
            "machines and packages",
            {
                "CREATE TABLE machines (uuid {name} NOT NULL PRIMARY KEY, "
                "machine_type {name} NOT NULL, pin {name} NOT NULL, labels_json {text} NOT NULL, "
                "address {text} NOT NULL, hostname {text} NOT NULL, kernel {text} NOT NULL, "
                "libc {text} NOT NULL, architecture {text} NOT NULL, "
                "ifrit_version {text} NOT NULL, first_seen_ms {int} NOT NULL, "
                "last_seen_ms {int} NOT NULL, ifrit_cpu_percent {real} NOT NULL, "
                "ifrit_rss_bytes {int} NOT NULL, stream_id {text} NOT NULL, "
                "acked_seq {int} NOT NULL) {rows}",

                "CREATE TABLE agent_reports (uuid {name} NOT NULL REFERENCES machines (uuid) "
                "ON DELETE CASCADE, agent {name} NOT NULL, running_version {name} NOT NULL, "
                "running_digest {name} NOT NULL, desired_version {name} NOT NULL, "
                "desired_digest {name} NOT NULL, release_id {name} NOT NULL, "
                "state {name} NOT NULL, step {text} NOT NULL, attempt {int} NOT NULL, "
                "pid {int} NOT NULL, restarts {int} NOT NULL, crash_looping {int} NOT NULL, "
                "since_ms {int} NOT NULL, next_retry_ms {int}, deadline_ms {int}, "
                "error_at_ms {int}, error_reason {text}, error_message {text}, "
                "error_step {text}, error_attempt {int}, cpu_percent {real} NOT NULL, "
                "rss_bytes {int} NOT NULL, integrity {name} NOT NULL, "
                "known_bad_json {text} NOT NULL, PRIMARY KEY (uuid, agent)) {keyed}",

                "CREATE TABLE machine_events (id {autokey}, uuid {name} NOT NULL "
                "REFERENCES machines (uuid) ON DELETE CASCADE, kind {name} NOT NULL, "
                "agent {name} NOT NULL, version {name} NOT NULL, message {text} NOT NULL, "
                "at_ms {int} NOT NULL) {rows}",
                "CREATE INDEX machine_events_uuid ON machine_events (uuid, id)",
                "CREATE INDEX machine_events_at ON machine_events (at_ms)",

                "CREATE TABLE known_bad_clears (uuid {name} NOT NULL, digest {name} NOT NULL, "
                "PRIMARY KEY (uuid, digest)) {keyed}",

                "CREATE TABLE packages (manifest_digest {name} NOT NULL PRIMARY KEY, "
                "agent {name} NOT NULL, version {name} NOT NULL, archive_digest {name} NOT NULL, "
                "archive_bytes {int} NOT NULL, unpacked_bytes {int} NOT NULL, "
                "files {int} NOT NULL, key_id {name} NOT NULL, published_by {name} NOT NULL, "
                "published_ms {int} NOT NULL, description {text} NOT NULL, "
                "manifest {blob} NOT NULL, signature {blob} NOT NULL) {rows}",
                "CREATE INDEX packages_agent ON packages (agent, published_ms)",

                "CREATE TABLE package_types (agent {name} NOT NULL, version {name} NOT NULL, "
                "machine_type {name} NOT NULL, manifest_digest {name} NOT NULL "
                "REFERENCES packages (manifest_digest) ON DELETE CASCADE, "
                "PRIMARY KEY (agent, version, machine_type)) {keyed}",
                "CREATE INDEX package_types_digest ON package_types (manifest_digest)",
            }};
}

Migration releases() {
    return {3,
            "desired state and releases",
            {
                "CREATE TABLE desired_rows (level {name} NOT NULL, machine_type {name} NOT NULL, "
                "agent {name} NOT NULL, machine_uuid {name} NOT NULL, batch {int} NOT NULL, "
                "key_release {name} NOT NULL, action {name} NOT NULL, version {name} NOT NULL, "
                "digest {name} REFERENCES packages (manifest_digest), "
                "timestamp_ms {int} NOT NULL, generation {int} NOT NULL, "
                "release_id {name} NOT NULL, PRIMARY KEY (level, machine_type, agent, "
                "machine_uuid, batch, key_release)) {keyed}",
                "CREATE INDEX desired_rows_release ON desired_rows (release_id)",
                "CREATE INDEX desired_rows_digest ON desired_rows (digest)",

                "CREATE TABLE releases (id {name} NOT NULL PRIMARY KEY, "
                "number {int} NOT NULL UNIQUE, agent {name} NOT NULL, version {name} NOT NULL, "
                "state {name} NOT NULL, stage {name} NOT NULL, created_by {name} NOT NULL, "
                "reason {text} NOT NULL, halt_reason {text} NOT NULL, plan_id {name} NOT NULL, "
                "created_ms {int} NOT NULL, started_ms {int}, ended_ms {int}, "
                "document_json {text} NOT NULL) {rows}",

                "CREATE TABLE release_packages (release_id {name} NOT NULL REFERENCES "
                "releases (id), machine_type {name} NOT NULL, purpose {name} NOT NULL, "
                "digest {name} NOT NULL REFERENCES packages (manifest_digest), "
                "PRIMARY KEY (release_id, machine_type, purpose)) {keyed}",
                "CREATE INDEX release_packages_digest ON release_packages (digest)",

                "CREATE TABLE running_releases (agent {name} NOT NULL, "
                "machine_type {name} NOT NULL, release_id {name} NOT NULL "
                "REFERENCES releases (id), PRIMARY KEY (agent, machine_type)) {keyed}",
                "CREATE INDEX running_releases_release ON running_releases (release_id)",

                "CREATE TABLE release_machines (release_id {name} NOT NULL REFERENCES "
                "releases (id), uuid {name} NOT NULL, machine_type {name} NOT NULL, "
                "stage {name} NOT NULL, batch {int} NOT NULL, outcome {name} NOT NULL, "
                "reason {name} NOT NULL, message {text} NOT NULL, from_version {name} NOT NULL, "
                "running_version {name} NOT NULL, running_digest {name} NOT NULL, "
                "state {name} NOT NULL, step {text} NOT NULL, since_ms {int} NOT NULL, "
                "deadline_ms {int}, opened_at_ms {int}, opened {int} NOT NULL, "
                "offline {int} NOT NULL, in_flight {int} NOT NULL, known_bad {int} NOT NULL, "
                "PRIMARY KEY (release_id, uuid)) {keyed}",

                "CREATE TABLE release_timeline (id {autokey}, release_id {name} NOT NULL "
                "REFERENCES releases (id), at_ms {int} NOT NULL, what {text} NOT NULL, "
                "actor {text} NOT NULL, message {text} NOT NULL) {rows}",
                "CREATE INDEX release_timeline_release ON release_timeline (release_id, id)",
            }};
}

Migration integrityNote() {
    return {4,
            "why installed files are not intact",
            {"ALTER TABLE agent_reports ADD COLUMN integrity_note {text}"}};
}

Migration stages() {
    return {5,
            "pilots, and what agents cost before and after",
            {"ALTER TABLE desired_rows ADD COLUMN pilot_limit {int}",
             "ALTER TABLE release_machines ADD COLUMN before_cpu {real}",
             "ALTER TABLE release_machines ADD COLUMN before_rss {int}",
             "ALTER TABLE release_machines ADD COLUMN cpu {real}",
             "ALTER TABLE release_machines ADD COLUMN rss {int}",
             "ALTER TABLE release_machines ADD COLUMN damaged {int}"}};
}

Migration tokenAnswers() {
    return {6,
            "what a join token was exchanged for",
            {"ALTER TABLE join_tokens ADD COLUMN used_key {name}",
             "ALTER TABLE join_tokens ADD COLUMN certificate {text}"}};
}

Migration severalMasters() {
    return {7,
            "several masters: who leads, who is there, what changed",
            {
                "CREATE TABLE leases (name {name} NOT NULL PRIMARY KEY, holder {name} NOT NULL, "
                "address {text} NOT NULL, token {int} NOT NULL, renewals {int} NOT NULL) {keyed}",
                "INSERT INTO leases (name, holder, address, token, renewals) "
                "VALUES ('releases', '', '', 0, 0)",

                "CREATE TABLE masters (id {name} NOT NULL PRIMARY KEY, address {text} NOT NULL, "
                "version {text} NOT NULL, started_ms {int} NOT NULL, beats {int} NOT NULL) {keyed}",

                "CREATE TABLE changes (seq {autokey}, kind {name} NOT NULL, "
                "subject {name} NOT NULL, origin {name} NOT NULL) {rows}",
            }};
}

Migration changeLimits() {
    return {8,
            "limits of change: permits that count, freezes, late joiners",
            {"CREATE TABLE permits (uuid {name} NOT NULL, release_id {name} NOT NULL, "
             "at_ms {int} NOT NULL, changes {int} NOT NULL, came_late {int} NOT NULL, "
             "PRIMARY KEY (uuid, release_id)) {keyed}",
             "CREATE INDEX permits_at ON permits (at_ms)",
             "CREATE TABLE freezes (id {name} NOT NULL PRIMARY KEY, actor {text} NOT NULL, "
             "reason {text} NOT NULL, at_ms {int} NOT NULL, address {text} NOT NULL, "
             "via {text} NOT NULL, request_id {text} NOT NULL, lifted_ms {int}, "
             "lifted_by {text}, lift_reason {text}) {keyed}",
             "ALTER TABLE release_machines ADD COLUMN came_late {int}"}};
}

Migration campaigns() {
    return {9,
            "campaigns: documents, receipts, what became of them",
            {"CREATE TABLE campaigns (id {name} NOT NULL PRIMARY KEY, "
             "number {int} NOT NULL UNIQUE, digest {name} NOT NULL, step {int} NOT NULL, "
             "imported_by {text} NOT NULL, imported_ms {int} NOT NULL, "
             "import_reason {text} NOT NULL, document {blob} NOT NULL, release_id {name}, "
             "previous_receipt {blob}, previous_signature {blob}, presented_by {text} NOT NULL, "
             "presented_ms {int}, own_receipt {blob}, own_signature {blob}, "
             "aborted_by {text} NOT NULL, aborted_ms {int}, abort_reason {text} NOT NULL, "
             "is_open {int} NOT NULL) {rows}",
             "CREATE INDEX campaigns_release ON campaigns (release_id)",
             "CREATE INDEX campaigns_open ON campaigns (is_open)",
             "INSERT INTO counters (name, value) VALUES ('campaign_number', 0)"}};
}

Migration grants() {
    return {10,
            "grants, and what a session is called",
            {"CREATE TABLE grants (id {name} NOT NULL PRIMARY KEY, operator {name} NOT NULL, "
             "verb {name} NOT NULL, agent {name} NOT NULL, cluster {name} NOT NULL, "
             "machine_type {name} NOT NULL, expires_ms {int}, given_by {name} NOT NULL, "
             "given_ms {int} NOT NULL, reason {text} NOT NULL) {keyed}",
             "CREATE INDEX grants_operator ON grants (operator, given_ms)",
             "ALTER TABLE sessions ADD COLUMN address {text}",
             "ALTER TABLE sessions ADD COLUMN label {text}"}};
}

Migration presences() {
    return {11,
            "who lives with which certificate, for several masters",
            {"CREATE TABLE presences (uuid {name} NOT NULL, instance {int} NOT NULL, "
             "since_ms {int} NOT NULL, moved {int} NOT NULL, refused {int} NOT NULL, "
             "address {text} NOT NULL, seen_ms {int} NOT NULL, beside_json {text} NOT NULL, "
             "PRIMARY KEY (uuid, instance)) {keyed}"}};
}

Migration machinesOfReleases() {
    return {12,
            "what a release remembers of its machines",
            {"ALTER TABLE release_machines ADD COLUMN offline_since_ms {int}",
             "ALTER TABLE release_machines ADD COLUMN retried {int}",
             "ALTER TABLE release_machines ADD COLUMN report_mark {int}",
             "ALTER TABLE release_machines ADD COLUMN pin_action {name}",
             "ALTER TABLE release_machines ADD COLUMN pin_version {name}",
             "ALTER TABLE release_machines ADD COLUMN pin_digest {name}"}};
}

Migration unheardMachines() {
    return {13,
            "machines of releases that had a permit and were not heard of since",
            {"ALTER TABLE release_machines ADD COLUMN unheard {int}"}};
}

Migration downloadRates() {
    return {14,
            "how fast a release's archives are fetched",
            {"ALTER TABLE desired_rows ADD COLUMN download_rate {int}"}};
}

/// Rows of before have none: what the store makes of them is told in machine_event_rows.h.
Migration eventsReceived() {
    return {kEventsReceived,
            "when a master received an event",
            {"ALTER TABLE machine_events ADD COLUMN received_ms {int}",
             "CREATE INDEX machine_events_received ON machine_events (received_ms)",
             "DROP INDEX IF EXISTS machine_events_at{of machine_events}"}};
}

Migration endedStreams() {
    return {16,
            "streams of reports that others followed",
            {"CREATE TABLE report_streams (uuid {name} NOT NULL REFERENCES machines (uuid) "
             "ON DELETE CASCADE, stream_id {name} NOT NULL, acked_seq {int} NOT NULL, "
             "ended_ms {int} NOT NULL, PRIMARY KEY (uuid, stream_id)) {keyed}"}};
}

/// Of machines of before it is not known, which is as good as the interval of the configuration.
Migration givenPolls() {
    return {17,
            "how soon each machine was told to poll again",
            {"ALTER TABLE machines ADD COLUMN poll_ms {int}"}};
}

/// Those of before have none: a machine obeys them each time that it is told.
Migration clearIds() {
    return {18,
            "which clear of a bad version it is",
            {"ALTER TABLE known_bad_clears ADD COLUMN clear_id {int}"}};
}

/// Apart from what moves, which would be stored with all of it each time. Releases of before come
/// here with their next change; until then, and where a master of before has made one since, what
/// they ask for is in their documents (sql_release_store.h).
Migration releaseSpecs() {
    return {kReleaseSpecs,
            "what each release asks for, written once",
            {"CREATE TABLE release_specs (release_id {name} NOT NULL PRIMARY KEY REFERENCES "
             "releases (id), spec_json {text} NOT NULL) {keyed}"}};
}

/// Who looks for what one of many did should not read what all did.
Migration auditOfActors() {
    return {20,
            "an index of who did what",
            {"CREATE INDEX audit_rows_actor ON audit_rows ({head of actor})"}};
}

}  // namespace

const std::vector<Migration>& migrations() {
    static const std::vector<Migration> all = {
        trust(),           fleet(),         releases(),       integrityNote(),
        stages(),          tokenAnswers(),  severalMasters(), changeLimits(),
        campaigns(),       grants(),        presences(),      machinesOfReleases(),
        unheardMachines(), downloadRates(), eventsReceived(), endedStreams(),
        givenPolls(),      clearIds(),      releaseSpecs(),   auditOfActors()};
    return all;
}

}  // namespace ifrit::master::storage::sql
