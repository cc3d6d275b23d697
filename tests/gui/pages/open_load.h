// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTabWidget>
#include <QTest>

#include "tests/gui/pages/other_clusters.h"
#include "tests/gui/pages/refusals.h"
#include "tests/gui/pages/window_fixture.h"

namespace ifrit::tests {

/// How the masters bear their machines: "load", "load-table", "load-old" (a master that cannot
/// tell).
inline void openLoad(WindowFixture& fixture, const QString& view) {
    using gui::models::ViewState;
    const bool isOld = view == QLatin1String("load-old");
    if (isOld) refuse(fixture.master.fakes(), absl::UnimplementedError("no such method"));
    QVERIFY(fixture.window->showPage(QStringLiteral("connections")));
    QCOMPARE(importBundle(fixture, ScriptedMaster::profile().bundle.cluster), 0);
    fixture.desktop->connections.connectTo(0);
    WindowFixture::settle();
    fixture.master.connect();
    WindowFixture::settle();
    fixture.window->page()->findChild<QTabWidget*>()->setCurrentIndex(2);
    if (view == QLatin1String("load-table")) QTest::keyClick(fixture.window.get(), Qt::Key_F8);
    WindowFixture::settle();
    QCOMPARE(fixture.desktop->masterLoad.notice().state,
             isOld ? ViewState::VersionSkew : ViewState::Ready);
}

}  // namespace ifrit::tests
