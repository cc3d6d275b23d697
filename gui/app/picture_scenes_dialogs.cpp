// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QDialog>
#include <QLineEdit>
#include <QTimer>

#include "gui/app/picture_scenes.h"
#include "gui/app/window_commands.h"
#include "gui/pages/freeze_button.h"
#include "gui/pages/map/map_page.h"
#include "gui/pages/releases/releases_page.h"

namespace ifrit::gui::app {

using domain::ReleaseVerb;

namespace {

/// Runs in the dialog's own event loop.
void inDialog(QObject* context, std::function<void(QDialog&)> deed) {
    QTimer::singleShot(0, context, [deed = std::move(deed)] {
        if (auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget())) deed(*dialog);
    });
}

}  // namespace

void PictureScenes::addReleaseDialogs() {
    addDialog(
        "new-release", [this] { return hasReleases(); },
        [this] {
            show("releases");
            page<pages::ReleasesPage>()->create();
        });
    using Step = presenters::NewReleasePresenter::Step;
    add(
        "new-release-plan", [this] { return hasReleases(); },
        [this] {
            show("releases");
            QTimer::singleShot(0, &m_window, [this] { planWhenItCanBe(); });
            page<pages::ReleasesPage>()->create();
        },
        [this] {
            // The step is also that of a form that was closed before.
            return QApplication::activeModalWidget() != nullptr &&
                   m_desktop.newRelease.step() == Step::Review;
        });
    m_scenes.back().leavesTraces = true;
    const struct {
        const char* name;
        ReleaseVerb verb;
    } verbs[] = {{"release-promote", ReleaseVerb::Promote},
                 {"release-rollback", ReleaseVerb::Rollback}};
    for (const auto& [name, verb] : verbs) {
        addDialog(
            name, [this] { return hasReleases(); },
            [this, verb = verb] {
                showRelease();
                // The verbs are there with the release.
                askWhenItCanBe(verb);
            });
    }
    addDialog(
        "freeze", [this] { return hasFleet(); },
        [this] {
            show("map");
            page<pages::MapPage>()->findChild<pages::FreezeButton*>()->ask();
        });
}

void PictureScenes::planWhenItCanBe() {
    auto& wizard = m_desktop.newRelease;
    if (QApplication::activeModalWidget() == nullptr) return;
    if (wizard.agents().isEmpty() || wizard.form().types.isEmpty()) {
        QTimer::singleShot(kAgainMs, &m_window, [this] { planWhenItCanBe(); });
        return;
    }
    auto form = wizard.form();
    const auto& uuids = m_desktop.feed.store().columns().uuid;
    form.uuids = models::toText(uuids[0]);
    form.pilotPercent = 10;
    form.batches = true;
    form.reason = QStringLiteral("OPS-2219");
    wizard.setForm(form);
    wizard.plan();
}

void PictureScenes::askWhenItCanBe(ReleaseVerb verb) {
    if (hasRelease() && m_desktop.release.action(verb).enabled()) {
        m_desktop.release.prepare(verb);
    } else {
        QTimer::singleShot(kAgainMs, &m_window, [this, verb] { askWhenItCanBe(verb); });
    }
}

void PictureScenes::addWindow() {
    add(
        "settings", [] { return true; }, [this] { show("settings"); });
    addDialog(
        "go-to", [this] { return hasReleases(); },
        [this] {
            show("map");
            inDialog(&m_window, [](QDialog& dialog) {
                dialog.findChild<QLineEdit*>()->setText(QStringLiteral("no"));
            });
            m_window.findChild<WindowCommands*>()->goTo();
        });
    addDialog(
        "keys", [] { return true; },
        [this] {
            show("map");
            m_window.findChild<WindowCommands*>()->showKeys();
        });
    add(
        "operations", [this] { return hasFleet(); },
        [this] {
            show("map");
            m_window.toggleOperations();
        });
    add(
        "events", [this] { return hasFleet(); },
        [this] {
            show("map");
            m_window.toggleEvents();
        });
}

}  // namespace ifrit::gui::app
