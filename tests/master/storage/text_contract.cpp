// SPDX-License-Identifier: Apache-2.0
#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/storage_contract.h"

// What people and machines write comes back byte for byte, or is refused whole; never changed,
// never cut, never taken for SQL or JSON.
namespace ifrit::master::storage {
namespace {

using namespace std::string_literals;

const std::vector<std::string>& keptTexts() {
    static const std::vector<std::string> texts = {
        "",
        " leading and trailing ",
        "it's \"quoted\" `so` [and] so",
        "'; DROP TABLE operators; --",
        "?1 :name %_%s {name} \\u0000 \\",
        "line\nline\r\nline\ttab",
        "gr\u00fc\u00dfe, \u4f60\u597d, \U0001f525\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "e\u0301 is not \u00e9",
        "a byte order mark \ufeff inside",
        "\ufdd0 \U0001ffff noncharacters",
        "\x01\x1f\x7f control",
        "A",
        "a",
        std::string(100'000, 'x'),
    };
    return texts;
}

const std::vector<std::string>& refusedTexts() {
    static const std::vector<std::string> texts = {"nul\0inside"s,
                                                   "\0"s,
                                                   "\xff\xfe",
                                                   "cut \xf0\x9f\x94",
                                                   "\xc0\xaf overlong",
                                                   "\xed\xa0\x80 surrogate",
                                                   "\ufeff is taken away ",
                                                   "\ufffe swaps the bytes after it"};
    return texts;
}

AuditRow rowWith(const std::string& text) {
    AuditRow row;
    row.cluster = "demo";
    row.entry.at = at(1);
    row.entry.verb = "test";
    row.entry.result = "allowed";
    row.entry.reason = text;
    row.entry.before = text;
    row.hash = std::string(32, 'h');
    return row;
}

/// Puts the row on top of what is there; `row` is then as it was sent.
absl::Status append(Database& database, AuditRow& row) {
    return database.transact([&row](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const AuditHead head, t.audit().head());
        row.id = head.id + 1;
        row.previousHash = head.hash;
        return t.audit().append(row);
    });
}

absl::Status enrolWithLabel(Database& database, const std::string& key, const std::string& value) {
    domain::MachineFacts facts = factsOf("m-1");
    facts.labels = {{key, value}};
    return database.transact([&](Transaction& t) { return t.machines().enrol(facts, at(1)); });
}

release::Model releaseWith(const std::string& text) {
    release::Model model = releaseOf("r-1", 1);
    model.release.reason = text;
    model.release.spec.gray.uuids = {text};
    model.release.spec.gray.pin = text;
    model.release.spec.gray.labels = {{"k" + text, text}};
    return model;
}

}  // namespace

void checkTextOfColumns(const OpenDatabase& open) {
    const auto database = open();
    std::vector<AuditRow> written;
    for (const std::string& text : keptTexts()) {
        written.push_back(rowWith(text));
        VERIFY_OK(append(*database, written.back()));
    }
    for (const std::string& text : refusedTexts()) {
        AuditRow row = rowWith(text);
        VERIFY_REASON(append(*database, row), "TEXT_INVALID");
    }
    std::vector<AuditRow> read;
    VERIFY_OK(database->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(read, t.audit().read(0, 1'000));
        return absl::OkStatus();
    }));
    QCOMPARE(read.size(), written.size());
    for (std::size_t i = 0; i < read.size(); ++i)
        QVERIFY2(read[i] == written[i], written[i].entry.reason.substr(0, 80).c_str());
}

void checkTextOfKeys(const OpenDatabase& open) {
    const auto database = open();
    for (const std::string& text : keptTexts()) {
        if (text.size() > 128) continue;  // keys are short; more is not promised
        const OperatorRecord person{text, {}, OperatorRole::Reader, false, at(1), at(1)};
        VERIFY_OK(database->transact([&](Transaction& t) { return t.operators().add(person); }));
        std::optional<OperatorRecord> found;
        VERIFY_OK(database->read([&](Transaction& t) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(found, t.operators().find(text));
            return absl::OkStatus();
        }));
        QVERIFY2(found == person, text.c_str());
    }
}

void checkTextOfLabels(const OpenDatabase& open) {
    const auto database = open();
    for (const std::string& text : keptTexts()) {
        VERIFY_OK(enrolWithLabel(*database, "k" + text, text));
        std::optional<StoredMachine> found;
        VERIFY_OK(database->read([&](Transaction& t) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(found, t.machines().find("m-1"));
            return absl::OkStatus();
        }));
        QVERIFY(found.has_value());
        const std::map<std::string, std::string> expected = {{"k" + text, text}};
        QVERIFY2(found->facts.labels == expected, text.substr(0, 80).c_str());
    }
    for (const std::string& text : refusedTexts()) {
        VERIFY_REASON(enrolWithLabel(*database, "k", text), "TEXT_INVALID");
        VERIFY_REASON(enrolWithLabel(*database, text, "v"), "TEXT_INVALID");
    }
}

void checkTextOfReleases(const OpenDatabase& open) {
    const auto database = open();
    for (const std::string& text : keptTexts()) {
        const release::Model model = releaseWith(text);
        VERIFY_OK(database->transact([&](Transaction& t) { return t.releases().put(model); }));
        std::optional<release::Model> found;
        VERIFY_OK(database->read([&](Transaction& t) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(found, t.releases().find("r-1"));
            return absl::OkStatus();
        }));
        QVERIFY2(found == model, text.substr(0, 80).c_str());
    }
    for (const std::string& text : refusedTexts()) {
        release::Model model = releaseWith("fine");
        model.release.spec.gray.uuids = {text};
        VERIFY_REASON(database->transact([&](Transaction& t) { return t.releases().put(model); }),
                      "TEXT_INVALID");
    }
}

}  // namespace ifrit::master::storage
