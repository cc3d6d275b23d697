// SPDX-License-Identifier: GPL-3.0-or-later
// A master that was away from its database for long, while its clients were not away from it, tells
// them in the middle of the stream that they missed something.
#include <QTest>

#include "gui/presenters/audit_presenter.h"
#include "gui/presenters/packages_presenter.h"
#include "gui/presenters/releases_presenter.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
namespace services = gui::services;
namespace presenters = gui::presenters;
using Kind = services::ClusterEvent::Kind;

class TestReadAgain : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyListIsReadAgain_data() {
        QTest::addColumn<int>("list");
        QTest::newRow("releases") << 0;
        QTest::newRow("packages") << 1;
        QTest::newRow("audit") << 2;
    }
    void everyListIsReadAgain() {
        QFETCH(const int, list);
        tests::HubFixture fixture;
        presenters::ReleasesPresenter releases(fixture.hub, fixture.feed);
        presenters::PackagesPresenter packages(fixture.hub, fixture.feed);
        presenters::AuditPresenter audit(fixture.hub, fixture.feed, fixture.heads);
        tests::FakeMaster& master = fixture.master;
        master.releases.listCalls.automatic = [](const auto&) {
            return services::Page<services::ReleaseInfo>();
        };
        master.packages.listCalls.automatic = [](const auto&) {
            return services::Page<services::PackageInfo>();
        };
        master.audit.listCalls.automatic = [](const auto&) {
            return services::Page<services::AuditRow>();
        };
        fixture.connect({});
        audit.look();
        const auto reads = [&] {
            return list == 0   ? master.releases.listCalls.made()
                   : list == 1 ? master.packages.listCalls.made()
                               : master.audit.listCalls.made();
        };
        const std::size_t before = reads();
        master.events.tell(Kind::Reset);
        QTRY_COMPARE(reads(), before + 1);
        // The stream goes on.
        master.events.tell(list == 0   ? Kind::ReleaseChanged
                           : list == 1 ? Kind::PackageChanged
                                       : Kind::AuditAppended);
        QTRY_COMPARE(reads(), before + 2);
    }
};

QTEST_GUILESS_MAIN(TestReadAgain)
#include "tst_read_again.moc"
