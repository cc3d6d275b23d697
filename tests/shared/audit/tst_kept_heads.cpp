// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/audit/kept_heads.h"

using namespace ifrit;
using audit::KeptHeads;
using audit::SignedHead;

namespace {

std::string hashFor(std::uint64_t row) {
    std::string hash(32, 'a');
    for (std::size_t i = 0; i < 8; ++i)
        hash[i] = static_cast<char>(row >> (8 * i));
    return hash;
}

/// Rules about what is kept: signatures are checked by who adds.
SignedHead head(std::uint64_t row) {
    SignedHead out;
    out.head = {"demo", row, hashFor(row),
                base::fromUnixMillis(1'700'000'000'000 + 60'000 * static_cast<std::int64_t>(row))};
    out.signer = "m1";
    return out;
}

KeptHeads keptOf(std::initializer_list<std::uint64_t> rows) {
    KeptHeads out;
    for (const std::uint64_t row : rows)
        out.add(head(row));
    return out;
}

audit::RowHashes hashesOf(std::initializer_list<std::uint64_t> rows) {
    audit::RowHashes out;
    for (const std::uint64_t row : rows)
        out[row] = hashFor(row);
    return out;
}

bool has(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class TestKeptHeads : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsEachOnceOldestFirst() {
        KeptHeads kept = keptOf({5, 2, 9});
        QVERIFY(!kept.add(head(5)));
        QVERIFY(!kept.add(head(0)));
        QVERIFY((kept.rows() == std::vector<std::uint64_t>{2, 5, 9}));
    }

    void anotherHashOfOneRowIsKeptAsProof() {
        KeptHeads kept = keptOf({5});
        SignedHead other = head(5);
        other.head.hash[9] = 'x';
        QVERIFY(kept.add(other));
        QCOMPARE(kept.all().size(), std::size_t{2});
        QVERIFY((kept.rows() == std::vector<std::uint64_t>{5}));
        // Whichever the chain has, the other one contradicts it.
        QCOMPARE(kept.compare(hashesOf({5})).wrong.size(), std::size_t{1});
    }

    void agreesWithTheChainThatItIsOf() {
        const auto report = keptOf({2, 5, 9}).compare(hashesOf({2, 5, 9}));
        QVERIFY(report.agrees());
        QCOMPARE(report.compared, std::size_t{3});
        QCOMPARE(report.lastGood->head.row, std::uint64_t{9});
        QVERIFY(audit::sentenceOf(report).empty());
        QVERIFY(keptOf({}).compare({}).agrees());
    }

    void saysWhichRowWhichHeadSinceWhenAndWhatToDo() {
        audit::RowHashes hashes = hashesOf({2, 5, 9});
        hashes[5][0] = '\xab';
        hashes[9][0] = '\xab';
        const auto report = keptOf({2, 5, 9}).compare(hashes);
        QCOMPARE(report.wrong.size(), std::size_t{2});
        QCOMPARE(report.wrong.front().kept.head.row, std::uint64_t{5});
        QCOMPARE(report.lastGood->head.row, std::uint64_t{2});
        const std::string text = audit::sentenceOf(report);
        QVERIFY2(has(text, "row 5 now has the hash ab"), text.c_str());
        QVERIFY2(has(text, "master m1 signed on 2023-11-14 22:18:20 UTC"), text.c_str());
        QVERIFY2(has(text, "rows 3 to 5 were written anew after 2023-11-14 22:18:20"),
                 text.c_str());
        QVERIFY2(has(text, "2 kept heads"), text.c_str());
        QVERIFY2(has(text, "ifritctl audit forget --from-row 5"), text.c_str());
    }

    void oneRowIsNoSpan() {
        audit::RowHashes hashes = hashesOf({84, 85});
        hashes[85][0] = '\xab';
        const std::string text = audit::sentenceOf(keptOf({84, 85}).compare(hashes));
        QVERIFY2(has(text, "so row 85 was written anew after"), text.c_str());
    }

    void aRowThatIsGoneContradicts() {
        const auto report = keptOf({2, 5}).compare(hashesOf({2}));
        QCOMPARE(report.wrong.size(), std::size_t{1});
        QVERIFY(has(audit::sentenceOf(report), "row 5 is no longer there"));
        QVERIFY(has(audit::sentenceOf(keptOf({5}).compare({})), "no kept head agrees"));
    }

    void isBoundedAndKeepsOldestAndNewest() {
        KeptHeads kept;
        for (std::uint64_t row = 1; row <= 5'000; ++row)
            kept.add(head(row));
        QCOMPARE(kept.all().size(), KeptHeads::kLimit);
        const auto rows = kept.rows();
        QCOMPARE(rows.front(), std::uint64_t{1});
        for (std::size_t i = 0; i < KeptHeads::kNewest; ++i)
            QCOMPARE(rows[rows.size() - 1 - i], std::uint64_t{5'000} - i);
        // Nowhere a hole in which a large part of the history could be rewritten.
        for (std::size_t i = 1; i < rows.size(); ++i)
            QVERIFY2(rows[i] - rows[i - 1] <= 100, qPrintable(QString::number(rows[i])));
    }

    void forgetsFromARowOn() {
        KeptHeads kept = keptOf({2, 5, 9});
        QCOMPARE(kept.forgetFrom(5), std::size_t{2});
        QVERIFY((kept.rows() == std::vector<std::uint64_t>{2}));
        QCOMPARE(kept.forgetFrom(100), std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(TestKeptHeads)
#include "tst_kept_heads.moc"
