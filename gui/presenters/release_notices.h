// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QObject>

#include <map>
#include <string>
#include <vector>

#include "gui/models/status_words.h"
#include "gui/presenters/releases_presenter.h"

namespace ifrit::gui::presenters {

/// Something that happened to a release.
struct ReleaseNotice {
    enum class Kind {
        Drafted,
        Started,
        StageOpened,
        Waits,  ///< for a person: verify, promote
        Paused,
        Resumed,
        Halted,
        RollingBack,
        RolledBack,
        Aborted,
        Discarded,  ///< a draft that nothing was ever done for: it concerns no machine
        Done
    };
    Kind kind = Kind::Drafted;
    services::ReleaseInfo info;  ///< as it is now
};

class ReleaseNoticeWords {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::ReleaseNoticeWords)
public:
    static models::StatusLook lookOf(ReleaseNotice::Kind kind);
    /// "#12 logd 4.1 → 4.2".
    static QString nameOf(const services::ReleaseInfo& info);
    /// "#12 logd 4.1 → 4.2 was halted: 2 of 2 gray machines reverted".
    static QString sentenceOf(const ReleaseNotice& notice);
    /// Why what each of its machines did cannot be shown; empty: it can.
    static QString historyOf(const services::ReleaseInfo& info);
    /// Tells a person who does not look at the window: it waits for one, it tripped, it is over.
    static bool wantsAttention(ReleaseNotice::Kind kind);
};

/// What lies between the two, oldest first. Pure.
std::vector<ReleaseNotice::Kind> noticesBetween(const services::ReleaseInfo& before,
                                                const services::ReleaseInfo& after);

/// Tells what happens to the releases of the connection, from one look at the list to the next.
/// What was so when the list first came is not news. GUI thread.
class ReleaseWatch : public QObject {
    Q_OBJECT
public:
    ReleaseWatch(ConnectionHub& hub, ReleasesPresenter& releases, QObject* parent = nullptr);

Q_SIGNALS:
    void happened(const ifrit::gui::presenters::ReleaseNotice& notice);

private:
    void look();
    ReleasesPresenter& m_releases;
    std::map<std::string, services::ReleaseInfo> m_known;
    std::uint64_t m_newest = 0;  ///< number; a list that is read further brings only older ones
    bool m_begun = false;
};

}  // namespace ifrit::gui::presenters
