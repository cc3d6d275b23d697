// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <map>
#include <random>

#include "gui/models/uuid_index.h"

using ifrit::gui::models::TextColumn;
using ifrit::gui::models::UuidIndex;

class TestUuidIndex : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anEmptyOneHasNothing() {
        UuidIndex index;
        QVERIFY(!index.find({}, "i-1"));
        QVERIFY(!index.erase({}, "i-1"));
        QCOMPARE(index.size(), std::size_t{0});
    }
    void doesWhatAMapDoes() {
        // Few names and many steps: each name comes and goes often.
        std::mt19937 random(1);
        UuidIndex index;
        TextColumn uuids;
        std::map<std::string, std::uint32_t> truth;
        for (int step = 0; step < 40'000; ++step) {
            const std::string uuid = "i-" + std::to_string(random() % 5'000);
            const auto known = truth.find(uuid);
            if (random() % 3 == 0) {
                const auto row = index.erase(uuids, uuid);
                QCOMPARE(row.has_value(), known != truth.end());
                if (known == truth.end()) continue;
                QCOMPARE(*row, known->second);
                truth.erase(known);
            } else {
                const auto next = static_cast<std::uint32_t>(uuids.size());
                const auto [row, isNew] = index.insert(uuids, uuid, next);
                QCOMPARE(isNew, known == truth.end());
                if (isNew) {
                    uuids.push_back(uuid);
                    truth[uuid] = next;
                } else {
                    QCOMPARE(row, known->second);
                }
            }
            QCOMPARE(index.size(), truth.size());
        }
        for (int name = 0; name < 5'000; ++name) {
            const std::string uuid = "i-" + std::to_string(name);
            const auto known = truth.find(uuid);
            const auto row = index.find(uuids, uuid);
            QCOMPARE(row.has_value(), known != truth.end());
            if (row) QCOMPARE(*row, known->second);
        }
    }
    void clearsAndBeginsAgain() {
        UuidIndex index;
        TextColumn uuids;
        uuids.push_back("a");
        index.insert({}, "a", 0);
        QVERIFY(index.find(uuids, "a"));
        index.clear();
        QVERIFY(!index.find(uuids, "a"));
    }
    void makesRoomAndLosesNothing() {
        UuidIndex index;
        TextColumn uuids;
        uuids.push_back("a");
        index.insert({}, "a", 0);
        index.reserve(uuids, 100'000);
        QVERIFY(index.find(uuids, "a"));
        index.reserve(uuids, 1);
        QVERIFY(index.find(uuids, "a"));
        QCOMPARE(index.size(), std::size_t{1});
    }
};

QTEST_APPLESS_MAIN(TestUuidIndex)
#include "tst_uuid_index.moc"
