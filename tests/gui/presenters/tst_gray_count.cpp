// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/presenters/gray_count.h"
#include "tests/gui/support/fleet_script.h"

using namespace ifrit;
using gui::models::FleetStore;
using gui::presenters::GrayCount;
using tests::ScriptMachine;

namespace {

/// m-0: pin acme; m-1: rack=7,zone=b; m-2: zone=b; m-3: nothing; m-4: rack=70.
std::vector<ScriptMachine> machines() {
    std::vector<ScriptMachine> out(5);
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i].uuid = "m-" + std::to_string(i);
        out[i].pin.clear();
        out[i].labels.clear();
    }
    out[0].pin = "acme";
    out[1].labels = "rack=7,zone=b";
    out[2].labels = "zone=b";
    out[4].labels = "rack=70";
    return out;
}

}  // namespace

class TestGrayCount : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void countsEachMachineOnce_data() {
        QTest::addColumn<QStringList>("uuids");
        QTest::addColumn<QString>("pin");
        QTest::addColumn<QString>("rack");
        QTest::addColumn<QString>("zone");
        QTest::addColumn<int>("machines");
        const auto row = [](const char* name, const QStringList& uuids, const char* pin,
                            const char* rack, const char* zone, int count) {
            QTest::newRow(name) << uuids << QString::fromUtf8(pin) << QString::fromUtf8(rack)
                                << QString::fromUtf8(zone) << count;
        };
        const QString m0 = QStringLiteral("m-0");
        const QString m3 = QStringLiteral("m-3");
        row("none", {}, "", "", "", 0);
        row("uuids", {m0, m3}, "", "", "", 2);
        row("twice the same", {m0, m3, m0}, "", "", "", 2);
        row("unknown ones", {m0, QStringLiteral("m-9")}, "", "", "", 1);
        row("pin", {}, "acme", "", "", 1);
        row("a label", {}, "", "", "b", 2);
        row("all labels", {}, "", "7", "b", 1);
        row("no part of a value", {}, "", "7", "", 1);
        row("one by all three", {m0, QStringLiteral("m-1")}, "acme", "7", "", 2);
        row("each by another", {m3}, "acme", "", "b", 4);
    }
    void countsEachMachineOnce() {
        QFETCH(const QStringList, uuids);
        QFETCH(const QString, pin);
        QFETCH(const QString, rack);
        QFETCH(const QString, zone);
        QFETCH(const int, machines);
        domain::GraySelection gray;
        for (const QString& uuid : uuids)
            gray.uuids.push_back(uuid.toStdString());
        gray.pin = pin.toStdString();
        if (!rack.isEmpty()) gray.labels["rack"] = rack.toStdString();
        if (!zone.isEmpty()) gray.labels["zone"] = zone.toStdString();
        FleetStore store;
        tests::FleetScript script;
        store.apply(script.snapshot(::machines()));
        GrayCount count;
        QCOMPARE(count.of(gray, store), machines);
        QCOMPARE(count.of(gray, store), machines);
    }

    void followsTheFleetAndTheList() {
        FleetStore store;
        tests::FleetScript script;
        store.apply(script.snapshot(machines()));
        GrayCount count;
        domain::GraySelection gray;
        gray.labels["zone"] = "b";
        QCOMPARE(count.of(gray, store), 2);
        store.apply(script.delta({}, {"m-2"}));
        count.forget();
        QCOMPARE(count.of(gray, store), 1);
        gray.uuids = {"m-3"};
        QCOMPARE(count.of(gray, store), 2);
        store.clear();
        count.forget();
        QCOMPARE(count.of(gray, store), 0);
    }
};

QTEST_GUILESS_MAIN(TestGrayCount)
#include "tst_gray_count.moc"
