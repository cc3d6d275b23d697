// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/audit/chain.h"
#include "master/audit/secrets.h"

using namespace ifrit::master;
using ifrit::audit::ChainCheck;
using storage::AuditHead;
using storage::AuditRow;

namespace {

struct Chain {
    std::vector<AuditRow> rows;
    AuditHead head{0, ifrit::audit::rootHash()};
};

std::string hashOf(const AuditRow& row) {
    return ifrit::audit::hashOf(audit::viewOf(row));
}

Chain chainOf(int count) {
    Chain out;
    for (int i = 0; i < count; ++i) {
        storage::AuditEntry entry;
        entry.at = ifrit::base::fromUnixMillis(1'700'000'000'000 + i);
        entry.actor = "alice";
        entry.via = "ctl";
        entry.address = "127.0.0.1:1";
        entry.verb = "release.start";
        entry.object = "r-" + std::to_string(i);
        entry.result = "allowed";
        entry.reason = "because";
        entry.before = "{}";
        entry.after = "{\"state\":\"running\"}";
        entry.requestId = "id";
        out.rows.push_back(audit::link(out.head, "demo", entry));
        out.head = {out.rows.back().id, out.rows.back().hash};
    }
    return out;
}

ChainCheck check(const Chain& chain) {
    ChainCheck out;
    for (const AuditRow& row : chain.rows)
        out.add(audit::viewOf(row));
    out.finish(chain.head.id, chain.head.hash);
    return out;
}

using Change = std::function<void(Chain&)>;

}  // namespace
Q_DECLARE_METATYPE(Change)

class TestChain : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void untouchedChainIsIntact() {
        for (const int count : {0, 1, 7}) {
            const ChainCheck result = check(chainOf(count));
            QVERIFY2(result.intact(), result.message().c_str());
            QCOMPARE(result.rows(), static_cast<std::uint64_t>(count));
        }
    }

    // The canonical bytes are for ever: a change of hashOf() would break every old chain.
    void hashIsPinned() {
        AuditRow row;
        row.id = 1;
        row.cluster = "demo";
        row.entry.actor = "alice";
        row.entry.verb = "login";
        row.previousHash = ifrit::audit::rootHash();
        const std::string hash = hashOf(row);
        QCOMPARE(QByteArray::fromStdString(hash).toHex(), QByteArray(kPinned));
    }

    // Length before content: bytes that move from one field to the next are another row.
    void fieldsDoNotRunIntoEachOther() {
        AuditRow a;
        a.entry.actor = "ab";
        a.entry.via = "c";
        AuditRow b;
        b.entry.actor = "a";
        b.entry.via = "bc";
        QVERIFY(hashOf(a) != hashOf(b));
    }

    void oneRowIsNoSpan() {
        Chain chain = chainOf(85);
        chain.rows.pop_back();
        QCOMPARE(check(chain).message(), std::string("row 85 is missing at the end"));
        chain.rows.pop_back();
        QCOMPARE(check(chain).message(), std::string("rows 84 to 85 are missing at the end"));
    }

    void tamperingIsFound_data() {
        QTest::addColumn<Change>("change");
        QTest::addColumn<quint64>("brokenId");
        const auto row = [](const char* name, quint64 id, const Change& change) {
            QTest::newRow(name) << change << id;
        };
        row("time", 3, [](Chain& c) { c.rows[2].entry.at += std::chrono::milliseconds(1); });
        row("actor", 3, [](Chain& c) { c.rows[2].entry.actor = "eve"; });
        row("via", 3, [](Chain& c) { c.rows[2].entry.via = "x"; });
        row("address", 3, [](Chain& c) { c.rows[2].entry.address = "x"; });
        row("verb", 3, [](Chain& c) { c.rows[2].entry.verb = "x"; });
        row("object", 3, [](Chain& c) { c.rows[2].entry.object = "x"; });
        row("result", 3, [](Chain& c) { c.rows[2].entry.result = "denied"; });
        row("reason", 3, [](Chain& c) { c.rows[2].entry.reason.clear(); });
        row("before", 3, [](Chain& c) { c.rows[2].entry.before = "x"; });
        row("after", 3, [](Chain& c) { c.rows[2].entry.after = "x"; });
        row("request id", 3, [](Chain& c) { c.rows[2].entry.requestId = "x"; });
        row("error", 3, [](Chain& c) { c.rows[2].entry.error = "x"; });
        row("cluster", 3, [](Chain& c) { c.rows[2].cluster = "x"; });
        row("edited with its own hash made anew", 4, [](Chain& c) {
            c.rows[2].entry.actor = "eve";
            c.rows[2].hash = hashOf(c.rows[2]);
        });
        row("first deleted", 1, [](Chain& c) { c.rows.erase(c.rows.begin()); });
        row("one deleted", 3, [](Chain& c) { c.rows.erase(c.rows.begin() + 2); });
        row("last deleted", 5, [](Chain& c) { c.rows.pop_back(); });
        row("all deleted", 1, [](Chain& c) { c.rows.clear(); });
        row("inserted", 4, [](Chain& c) {
            AuditRow extra = c.rows[2];
            extra.entry.actor = "eve";
            c.rows.insert(c.rows.begin() + 3, extra);
        });
        row("appended without moving the head", 6,
            [](Chain& c) { c.rows.push_back(audit::link(c.head, "demo", c.rows[0].entry)); });
        row("swapped", 2, [](Chain& c) { std::swap(c.rows[1], c.rows[2]); });
        row("swapped with their ids", 2, [](Chain& c) {
            std::swap(c.rows[1], c.rows[2]);
            std::swap(c.rows[1].id, c.rows[2].id);
        });
        row("end rewritten, hashes made anew, head not", 6, [](Chain& c) {
            c.rows[4].entry.actor = "eve";
            c.rows[4].hash = hashOf(c.rows[4]);
        });
    }
    void tamperingIsFound() {
        QFETCH(Change, change);
        QFETCH(quint64, brokenId);
        Chain chain = chainOf(5);
        change(chain);
        const ChainCheck result = check(chain);
        QVERIFY(!result.intact());
        QVERIFY(!result.message().empty());
        QCOMPARE(quint64(result.firstBrokenId()), brokenId);
    }

    void secretsAreMasked_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("masked");
        QTest::newRow("nothing") << QByteArray("all good") << QByteArray("all good");
        QTest::newRow("join token")
            << QByteArray("see ifritjoin_demo.AbC-_9 please") << QByteArray("see *** please");
        QTest::newRow("two session tokens")
            << QByteArray("ifritses_a,ifritses_b") << QByteArray("***,***");
        QTest::newRow("private key")
            << QByteArray("x -----BEGIN PRIVATE KEY-----\nMIG\n-----END PRIVATE KEY----- y")
            << QByteArray("x *** y");
        QTest::newRow("EC private key, cut off")
            << QByteArray("-----BEGIN EC PRIVATE KEY-----\nMIG") << QByteArray("***");
        QTest::newRow("certificate stays")
            << QByteArray("-----BEGIN CERTIFICATE-----\nMIG\n-----END CERTIFICATE-----")
            << QByteArray("-----BEGIN CERTIFICATE-----\nMIG\n-----END CERTIFICATE-----");
    }
    void secretsAreMasked() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, masked);
        QCOMPARE(QByteArray::fromStdString(audit::withoutSecrets(text.toStdString())), masked);
    }

private:
    static constexpr char kPinned[] =
        "227f986a0893e64b6b4f4da3ab4f20ee82706b8bbcb266574bd5685487c4e5b0";
};

QTEST_GUILESS_MAIN(TestChain)
#include "tst_chain.moc"
