// SPDX-License-Identifier: Apache-2.0
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <algorithm>
#include <set>

#include <ifrit/v1/audit.grpc.pb.h>
#include <ifrit/v1/audit_heads.grpc.pb.h>
#include <ifrit/v1/fleet.grpc.pb.h>

#include "shared/rpc/channel.h"
#include "tests/fault/changes.h"
#include "tests/support/fault_row.h"
#include "tests/support/private_mariadb.h"

using namespace ifrit;
using namespace ifrit::tests;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

/// Where the database is, and what makes it take no row of the audit there.
struct Place {
    const char* name;
    bool isServer;
    const char* noMoreRows;
};
constexpr Place kPlaces[] = {
    {"SQLite", false,
     "CREATE TRIGGER no_more BEFORE INSERT ON audit_rows BEGIN SELECT RAISE(ABORT, 'no more'); "
     "END"},
    {"MariaDB", true,
     "CREATE TRIGGER no_more BEFORE INSERT ON audit_rows FOR EACH ROW SIGNAL SQLSTATE '45000' SET "
     "MESSAGE_TEXT = 'no more'"}};

/// What nobody expects in a name.
struct Text {
    const char* name;
    std::string text;
};
const std::vector<Text>& strangeTexts() {
    static const std::vector<Text> all = {{"quotes", "it's \"quoted\"`; DROP TABLE machines; --"},
                                          {"newline", "one\ntwo"},
                                          {"NUL", std::string("one\0two", 7)},
                                          {"emoji", "\xF0\x9F\x98\x80 \xE4\xB8\xAD\xE6\x96\x87"},
                                          {"backslash and per cent", "\\%s%n\\0_"},
                                          {"control characters", "\x1b[31mred\x7f"},
                                          {"no UTF-8", "\xff\xfe\x80"},
                                          {"64 KiB", std::string(64 * 1024, 'x')}};
    return all;
}

/// Every field that can hold a text, as the way to it through messages; but for passwords, of which
/// a hash is stored.
using Path = std::vector<const FieldDescriptor*>;
void textFields(const google::protobuf::Descriptor& type, const Path& way, std::vector<Path>& out) {
    for (int i = 0; i < type.field_count(); ++i) {
        Path path = way;
        path.push_back(type.field(i));
        if (path.back()->name().find("password") != std::string::npos) continue;
        if (path.back()->type() == FieldDescriptor::TYPE_STRING)
            out.push_back(path);
        else if (type.field(i)->message_type() != nullptr && !type.field(i)->is_map() &&
                 path.size() < 5)
            textFields(*type.field(i)->message_type(), path, out);
    }
}

std::string nameOf(const Path& path) {
    std::string out;
    for (const FieldDescriptor* field : path)
        out += (out.empty() ? "" : ".") + field->name();
    return out;
}

/// Sets it there and leaves the rest as it is; a list gets one more.
void set(Message& message, const Path& path, const std::string& text) {
    Message* at = &message;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        const auto* reflection = at->GetReflection();
        if (!path[i]->is_repeated())
            at = reflection->MutableMessage(at, path[i]);
        else if (reflection->FieldSize(*at, path[i]) > 0)
            at = reflection->MutableRepeatedMessage(at, path[i], 0);
        else
            at = reflection->AddMessage(at, path[i]);
    }
    if (path.back()->is_repeated())
        at->GetReflection()->AddString(at, path.back(), text);
    else
        at->GetReflection()->SetString(at, path.back(), text);
}

/// A master that says so has looked at it; these say that it stumbled. What is no message gRPC
/// itself refuses as UNIMPLEMENTED, without a word.
bool isStumble(const grpc::Status& status) {
    const grpc::StatusCode code = status.error_code();
    if (code == grpc::StatusCode::UNIMPLEMENTED) return !status.error_message().empty();
    static const std::set<grpc::StatusCode> stumbles = {
        grpc::StatusCode::UNKNOWN, grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::DATA_LOSS};
    return stumbles.count(code) != 0;
}

}  // namespace

/// Rows H3 and B9: what a change does where the audit cannot be written, and with strange names.
class TestChangeFaults : public QObject {
    Q_OBJECT

    std::unique_ptr<PrivateMariadb> m_mariadb;

    static void places() {
        QTest::addColumn<int>("place");
        for (const Place& place : kPlaces)
            QTest::newRow(place.name) << int(&place - kPlaces);
    }
    static const Place& placeOfRow() {
        QFETCH(int, place);
        return kPlaces[place];
    }
    InsideMaster::Options optionsAt(const Place& place) {
        InsideMaster::Options out;
        if (!place.isServer) return out;
        if (!m_mariadb) m_mariadb = std::make_unique<PrivateMariadb>();
        out.mariadb.emplace();
        out.mariadb->socket = m_mariadb->socket();
        out.mariadb->database = m_mariadb->newDatabase();
        out.mariadb->user = PrivateMariadb::user();
        out.mariadb->password = PrivateMariadb::password();
        return out;
    }

private Q_SLOTS:
    void cleanupTestCase() { m_mariadb.reset(); }

    void noChangeWithoutItsAuditRow_data() { places(); }
    /// H3: no row, no change; of every method that is one.
    void noChangeWithoutItsAuditRow() {
        const Place& place = placeOfRow();
        InsideMaster master(optionsAt(place));
        const std::vector<Change> changes = allChanges(master);
        // The kill switch is there for when the database is not: it holds in memory until it can
        // be written with its row. Last, since it would stop the others by itself.
        std::vector<Change> freezeLast = changes;
        const auto freeze =
            std::stable_partition(freezeLast.begin(), freezeLast.end(),
                                  [](const Change& change) { return !isKillSwitch(change); });
        QCOMPARE(freezeLast.end() - freeze, 1);
        master.sql({place.noMoreRows});
        // A machine's last contact is no change; it is written behind every poll.
        const auto before = master.content({"machines"});
        int held = 0;
        int whole = 0;
        for (const Change& change : freezeLast) {
            const grpc::Status status = make(change);
            const std::string what = change.method + ": " + status.error_message();
            if (change.isWhole) ++whole;
            QVERIFY2(status.ok() == isKillSwitch(change), what.c_str());
            QVERIFY2(status.error_code() != grpc::StatusCode::DEADLINE_EXCEEDED, what.c_str());
            const auto after = master.content({"machines"});
            for (const auto& [table, rows] : before)
                QVERIFY2(after.at(table) == rows, (change.method + " changed " + table).c_str());
            ++held;
        }
        // That the same changes are made once it can be written shows that they were refused for
        // that alone.
        master.sql({"DROP TRIGGER no_more"});
        for (const Change& change : changes) {
            if (!change.isWhole) continue;
            const bool isTail = waitsForAMachine(change);
            const grpc::Status status = make(change, std::chrono::seconds(isTail ? 1 : 20));
            const auto wanted = isTail ? grpc::StatusCode::DEADLINE_EXCEEDED : grpc::StatusCode::OK;
            QVERIFY2(status.error_code() == wanted,
                     (change.method + ": " + status.error_message()).c_str());
        }
        printFaultRow("H3", std::string("audit cannot be written to ") + place.name, held,
                      static_cast<int>(changes.size()),
                      "changing methods left the database as it was (" + std::to_string(whole) +
                          " of them with requests that are accepted otherwise; freeze waits in "
                          "memory)");
    }

    void strangeNamesAreStoredExactlyOrRefused_data() { places(); }
    /// B9: over every text field of every change.
    void strangeNamesAreStoredExactlyOrRefused() {
        const Place& place = placeOfRow();
        InsideMaster master(optionsAt(place));
        int stored = 0;
        int refused = 0;
        FaultTally texts;
        for (const Change& change : allChanges(master)) {
            if (change.method == "ifrit.v1.Sessions/Logout") continue;
            std::vector<Path> fields;
            textFields(*change.request->GetDescriptor(), {}, fields);
            for (const Path& field : fields) {
                for (const Text& text : strangeTexts()) {
                    const Change strange = again(change);
                    // Told apart from what was stored in another field before.
                    const std::string unlike = text.text + std::to_string(texts.total());
                    set(*strange.request, field, unlike);
                    const std::uint64_t audited = master.audited();
                    const grpc::Status status =
                        make(strange,
                             std::chrono::milliseconds(waitsForAMachine(change) ? 300 : 20'000));
                    const std::string where = change.method + " " + nameOf(field) + " with " +
                                              text.name + ": " +
                                              status.error_message().substr(0, 200);
                    const bool waits = waitsForAMachine(change) &&
                                       status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
                    const bool isRefused = !status.ok() && !waits && !isStumble(status);
                    const bool isKept =
                        waits ? QTest::qWaitFor([&] { return isStored(master, unlike, audited); })
                              : status.ok() &&
                                    (isMasters(change, field) || isStored(master, unlike, audited));
                    refused += isRefused ? 1 : 0;
                    stored += isKept ? 1 : 0;
                    texts.count(isRefused || isKept, where);
                }
            }
        }
        texts.print("B9", std::string("strange names in ") + place.name,
                    "texts in fields of changes stored exactly (" + std::to_string(stored) +
                        ") or refused");
        QCOMPARE(texts.failed(), std::string());
        QVERIFY(stored > 0);
        QVERIFY(refused > 0);
        readable(master);
    }

private:
    static bool isKillSwitch(const Change& change) {
        return change.method == "ifrit.v1.Clusters/FreezeCluster";
    }
    /// What the contract says that the master fills in.
    static bool isMasters(const Change& change, const Path& field) {
        static const std::set<std::string> fields = {"grant.id", "grant.given_by", "grant.reason"};
        return change.method == "ifrit.v1.Access/GiveGrant" && fields.count(nameOf(field)) != 0;
    }
    /// Its row is written first; then it waits for a machine that does not come.
    static bool waitsForAMachine(const Change& change) {
        return change.method == "ifrit.v1.Machines/TailLog";
    }
    /// In a column of its own, or in one that is JSON.
    static bool isStored(const InsideMaster& master, const std::string& text,
                         std::uint64_t audited) {
        const QByteArray list =
            QJsonDocument(QJsonArray{QString::fromStdString(text)}).toJson(QJsonDocument::Compact);
        const std::string inJson = list.mid(1, list.size() - 2).toStdString();
        const auto all = master.contentSince(audited);
        return std::any_of(all.begin(), all.end(), [&](const auto& table) {
            return table.second.find(text) != std::string::npos ||
                   table.second.find(inJson) != std::string::npos;
        });
    }
    /// Lists with what was stored and what was refused in them.
    static void readable(const InsideMaster& master) {
        const auto channel = master.admin();
        v1::ListAuditRequest list;
        list.set_page_size(5'000);
        v1::ListAuditResponse rows;
        grpc::ClientContext listing;
        const grpc::Status listed = v1::Audit::NewStub(channel)->ListAudit(&listing, list, &rows);
        QVERIFY2(listed.ok(), listed.error_message().c_str());
        v1::VerifyChainResponse chain;
        grpc::ClientContext walking;
        QVERIFY(v1::AuditHeads::NewStub(channel)->VerifyChain(&walking, {}, &chain).ok());
        QVERIFY2(chain.intact(), chain.message().c_str());
        v1::ListMachinesResponse machines;
        grpc::ClientContext looking;
        QVERIFY(v1::Machines::NewStub(channel)->ListMachines(&looking, {}, &machines).ok());
    }
};

QTEST_GUILESS_MAIN(TestChangeFaults)
#include "tst_change_faults.moc"
