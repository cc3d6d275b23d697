// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>
#include <QTest>

#include "gui/models/status_words.h"
#include "gui/pages/machines/machines_page.h"
#include "gui/widgets/toast.h"
#include "tests/gui/pages/open_load.h"

namespace ifrit::tests {

/// A running release is paused by its button, and the master does what it is asked.
inline void pauseRelease(WindowFixture& fixture,
                         std::vector<services::ReleaseAct>* sent = nullptr) {
    fixture.master.fakes().releases.actCalls.automatic =
        [&fixture, sent](const services::ReleaseAct& act) -> absl::StatusOr<services::ReleaseInfo> {
        if (sent != nullptr) sent->push_back(act);
        services::ReleaseInfo& info = fixture.master.releases.back();
        info.release.state = act.verb == domain::ReleaseVerb::Pause ? domain::ReleaseState::Paused
                                                                    : domain::ReleaseState::Running;
        ++info.release.revision;
        return info;
    };
    fixture.window->showRelease(QString::fromStdString(fixture.master.releases.back().release.id));
    WindowFixture::settle();
    const QString pause = gui::models::StatusWords::nameOf(domain::ReleaseVerb::Pause);
    for (auto* button : fixture.window->page()->findChildren<QPushButton*>()) {
        if (button->isVisible() && button->text() == pause) button->click();
    }
    WindowFixture::settle();
}

/// Views that have an opening of their own; false: it is none of these.
inline bool openOther(WindowFixture& fixture, const QString& view) {
    if (view.startsWith(QLatin1String("load"))) {
        openLoad(fixture, view);
    } else if (view == QLatin1String("undo")) {
        pauseRelease(fixture);
        // While it is looked at it stays.
        fixture.window->findChild<QPushButton*>(QStringLiteral("undo"))->setFocus();
    } else if (view == QLatin1String("choices")) {
        fixture.window->showPage(QStringLiteral("machines"));
        WindowFixture::settle();
        auto* field = fixture.window->page()->findChild<gui::widgets::FilterField*>();
        fixture.window->activateWindow();
        field->setFocus();
        WindowFixture::settle();
        field->setText(QStringLiteral("type:LINUX "));
        QTest::keyClick(field, Qt::Key_Down);
        QTest::keyClick(field, Qt::Key_Down);
    } else {
        return false;
    }
    return true;
}

}  // namespace ifrit::tests
