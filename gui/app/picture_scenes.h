// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>
#include <vector>

#include "gui/app/main_window.h"

namespace ifrit::gui::app {

/// What the pictures of the documents are of: every page, tab, dock and dialog, brought there as an
/// operator would. Nothing that changes the cluster is confirmed.
class PictureScenes {
public:
    struct Scene {
        QString name;
        std::function<bool()> isReady;  ///< the data is there
        std::function<void()> arrange;  ///< returns when a dialog that it opened is closed
        std::function<bool()> isShown;  ///< what arrange() asked for is there
        bool leavesTraces = false;      ///< a draft, say: taken when all others have been
    };
    /// Both outlive this.
    PictureScenes(Desktop& desktop, MainWindow& window);

    const std::vector<Scene>& all() const { return m_scenes; }
    /// The window as on the first day, with everything that a scene may have changed.
    void reset();
    /// Opens what is only remembered from when it is looked at, as soon as it can be.
    void warmUp();

private:
    using Test = std::function<bool()>;
    using Deed = std::function<void()>;
    static constexpr int kAgainMs = 50;
    void add(const char* name, Test isReady, Deed arrange, Test isShown = {});
    /// isShown: a dialog stands before the window.
    void addDialog(const char* name, Test isReady, Deed arrange);
    void addConnections();
    void addMap();
    void addMachines();
    void addLists();
    void addRelease();
    void addAccess();
    void addReleaseDialogs();
    void addWindow();
    bool hasFleet() const;
    bool hasReleases() const;
    bool hasRelease() const;
    void chooseMachine();
    void askAboutStart();
    /// The newest that has been started: drafts show nothing of what the page is for.
    void showRelease();
    // Called again until what they need has been read.
    void planWhenItCanBe();
    void askWhenItCanBe(domain::ReleaseVerb verb);

    template <typename SomePage>
    SomePage* page() const {
        return m_window.findChild<SomePage*>();
    }
    void show(const char* pageName) { m_window.showPage(QString::fromLatin1(pageName)); }

    Desktop& m_desktop;
    MainWindow& m_window;
    std::vector<Scene> m_scenes;
    bool m_warm = false;
};

}  // namespace ifrit::gui::app
