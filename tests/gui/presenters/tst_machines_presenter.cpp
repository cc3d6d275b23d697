// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <algorithm>

#include "gui/models/worker.h"
#include "gui/presenters/machines_presenter.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/fleet_script.h"

using namespace ifrit;
using gui::presenters::MachinesPresenter;

class TestMachinesPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Four of a kind have a chip; that there are further ones was not said.
    void furtherTypesAndPinsAreCounted() {
        Fleet fleet(6, 3);
        QStringList texts;
        const MachinesPresenter::Facet* more = nullptr;
        const auto facets = fleet.presenter.facets();
        for (const auto& facet : facets) {
            texts << facet.text;
            if (facet.isFurther) more = &facet;
        }
        QVERIFY(more != nullptr);
        QVERIFY2(texts.contains(QStringLiteral("type: and 2 more")), qPrintable(texts.join(u'|')));
        QCOMPARE(more->term, QString());
        QCOMPARE(texts.filter(QStringLiteral("pin:")).size(), 3);
    }

    void degradedMachinesHaveAChip() {
        Fleet fleet(1, 1);
        const auto termOf = [&fleet] {
            for (const auto& facet : fleet.presenter.facets()) {
                if (facet.term == QStringLiteral("state:degraded")) return facet.machines;
            }
            return qint64{0};
        };
        QCOMPARE(termOf(), qint64{0});
        auto machine = tests::plainMachines(1).front();
        machine.state = domain::MachineState::Degraded;
        fleet.fixture.master.fleet.machineWatch.tell(fleet.script.delta({machine}));
        QCOMPARE(termOf(), qint64{1});
        // Watching as on the map, which has it among these.
        const auto facets = fleet.presenter.facets();
        const auto watching = std::find_if(facets.begin(), facets.end(), [](const auto& facet) {
            return facet.term == QStringLiteral("state:watching,degraded");
        });
        QVERIFY(watching != facets.end());
        QCOMPARE(watching->machines, qint64{1});
    }

    void labelsHaveAChip() {
        Fleet fleet(1, 1);
        auto machines = tests::plainMachines(12);
        for (std::size_t i = 0; i < machines.size(); ++i) {
            machines[i].labels = "host=h" + std::to_string(i) + (i < 9 ? ",zone=b" : ",zone=a");
            machines[i].pin.clear();
        }
        fleet.fixture.master.fleet.machineWatch.tell(fleet.script.snapshot(machines));
        QStringList texts;
        for (const auto& facet : fleet.presenter.facets()) {
            if (facet.term.startsWith(QStringLiteral("label:")))
                texts << facet.text + u' ' + QString::number(facet.machines);
            if (facet.text.startsWith(QStringLiteral("label:"))) texts << facet.text;
        }
        QCOMPARE(texts.size(), 5);
        QCOMPARE(texts[2], QStringLiteral("zone=a 3"));
        QCOMPARE(texts[3], QStringLiteral("zone=b 9"));
        QCOMPARE(texts[4], QStringLiteral("label: and 10 more"));
        // What the filter leaves is what is counted.
        fleet.presenter.toggleTerm(QStringLiteral("label:zone=a"));
        const auto facets = fleet.presenter.facets();
        const auto zone = std::find_if(facets.begin(), facets.end(), [](const auto& facet) {
            return facet.term == QStringLiteral("label:zone=a");
        });
        QVERIFY(zone != facets.end());
        QCOMPARE(zone->machines, qint64{3});
        QVERIFY(std::none_of(facets.begin(), facets.end(), [](const auto& facet) {
            return facet.term == QStringLiteral("label:zone=b");
        }));
    }

    // A label of each machine's own: so many are kept, and that there are others was not said.
    void labelsBeyondThoseKeptAreSaid() {
        Fleet fleet(1, 1);
        constexpr std::size_t kKept = gui::models::FleetVocabulary::kMost;
        auto machines = tests::plainMachines(kKept + 1);
        for (std::size_t i = 0; i < machines.size(); ++i)
            machines[i].labels = "host=h" + std::to_string(i);
        fleet.fixture.master.fleet.machineWatch.tell(fleet.script.snapshot(machines));
        const auto further = [&fleet] {
            for (const auto& facet : fleet.presenter.facets()) {
                if (facet.isFurther) return facet.text;
            }
            return QString();
        };
        QCOMPARE(further(), QStringLiteral("label: and more than %1 more")
                                .arg(gui::models::grouped(qint64{kKept} - 4)));
        // Of those shown all are counted.
        fleet.presenter.setFilter(QStringLiteral("uuid:i-00001,i-00002"));
        QCOMPARE(further(), QString());
        // The last is none of those.
        fleet.presenter.setFilter(QStringLiteral("uuid:i-00001,i-10000"));
        QCOMPARE(further(), QStringLiteral("label: and others"));
    }

    void chipsKeepTheirPlacesWhenNumbersChange() {
        Fleet fleet(2, 1);
        auto machines = tests::plainMachines(11);
        for (std::size_t i = 0; i < machines.size(); ++i) {
            machines[i].type = i < 6 ? "LINUX" : "ARM64";
            machines[i].labels = i < 6 ? "zone=b" : "zone=a";
        }
        const auto texts = [&fleet] {
            QStringList out;
            for (const auto& facet : fleet.presenter.facets())
                out << facet.text;
            return out;
        };
        fleet.fixture.master.fleet.machineWatch.tell(fleet.script.snapshot(machines));
        const QStringList before = texts();
        QVERIFY(before.indexOf(QStringLiteral("type:ARM64")) <
                before.indexOf(QStringLiteral("type:LINUX")));
        QVERIFY(before.indexOf(QStringLiteral("zone=a")) <
                before.indexOf(QStringLiteral("zone=b")));
        machines[0].type = "ARM64";
        machines[0].labels = "zone=a";
        fleet.fixture.master.fleet.machineWatch.tell(fleet.script.delta({machines[0]}));
        QCOMPARE(texts(), before);
    }

    // A chip wrote "label:site=New York": another label, and a word that no machine has.
    void whatTheGrammarCannotSayIsNoTerm() {
        Fleet fleet(1, 1);
        auto machines = tests::plainMachines(6);
        machines[0].pin = "two words";
        machines[1].pin = "plain";
        machines[2].pin = "/x/";
        machines[3].labels = "site=New York,owner=/x/,room=b=2";
        machines[4].labels = "my site=x";
        fleet.fixture.master.fleet.machineWatch.tell(fleet.script.snapshot(machines));
        const auto facets = fleet.presenter.facets();
        const auto isTerm = [&facets](const char* text) {
            const auto found = std::find_if(facets.begin(), facets.end(), [text](const auto& one) {
                return one.text == QLatin1String(text);
            });
            if (found == facets.end() || found->machines == 0) return QStringLiteral("missing");
            if (found->isTerm()) return QStringLiteral("term ") + found->term;
            return found->hint.isEmpty() ? QStringLiteral("no hint") : QStringLiteral("hint");
        };
        QCOMPARE(isTerm("pin:two words"), QStringLiteral("hint"));
        QCOMPARE(isTerm("pin:/x/"), QStringLiteral("hint"));
        QCOMPARE(isTerm("pin:plain"), QStringLiteral("term pin:plain"));
        QCOMPARE(isTerm("site=New York"), QStringLiteral("hint"));
        QCOMPARE(isTerm("owner=/x/"), QStringLiteral("hint"));
        QCOMPARE(isTerm("my site=x"), QStringLiteral("hint"));
        QCOMPARE(isTerm("room=b=2"), QStringLiteral("term label:room=b=2"));
        // Every term finds those that it counts, and can be taken back.
        for (const auto& facet : facets) {
            if (!facet.isTerm()) continue;
            fleet.presenter.toggleTerm(facet.term);
            QCOMPARE(qint64{fleet.presenter.model().rowCount()}, facet.machines);
            fleet.presenter.toggleTerm(facet.term);
            QCOMPARE(fleet.presenter.filterText(), QString());
        }
    }

private:
    struct Fleet {
        Fleet(int types, int pins) {
            fixture.connect({});
            auto machines = tests::plainMachines(12);
            for (std::size_t i = 0; i < machines.size(); ++i) {
                machines[i].type = "T" + std::to_string(static_cast<int>(i) % types);
                machines[i].pin = "p" + std::to_string(static_cast<int>(i) % pins);
            }
            fixture.master.fleet.machineWatch.tell(script.snapshot(machines));
        }
        tests::HubFixture fixture;
        tests::FleetScript script;
        gui::models::PoolWorker worker;
        MachinesPresenter presenter{fixture.hub, fixture.feed, worker};
    };
};

QTEST_GUILESS_MAIN(TestMachinesPresenter)
#include "tst_machines_presenter.moc"
