// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <map>
#include <optional>
#include <string>

#include "gui/presenters/release_notices.h"
#include "gui/presenters/release_presenter.h"

namespace ifrit::gui::presenters {

/// Tells that a verb of class 1 was done, and takes it back where that brings the release to where
/// it was: by the opposite verb, a call of its own that the master checks as any other, and does
/// only where nothing else changed the release since. Offers it only as long as the release stands
/// where the verb has put it. GUI thread.
class ReleaseUndo : public QObject {
    Q_OBJECT
public:
    struct Sources {
        ConnectionHub& hub;
        ReleasePresenter& release;
        ReleaseWatch& watch;
    };
    explicit ReleaseUndo(const Sources& sources, QObject* parent = nullptr);

    /// "#12 logd 4.1 → 4.2 was paused"; empty: nothing is told.
    QString sentence() const;
    bool offered() const { return m_reverse.has_value(); }
    /// What is offered, as told() says of a refusal where it cannot be any more. Once.
    void undo();
    /// Nobody wants it any more.
    void withdraw();

Q_SIGNALS:
    /// There is a sentence(), and what it says may be offered() to be undone.
    void done();
    void withdrawn();
    /// What became of undo().
    void told(const QString& sentence);

private:
    void verbDone(const DoneVerb& verb);
    void look(const services::ReleaseInfo& now);
    void lookAtLine();
    QString changedSentence(const services::ReleaseInfo& before,
                            const services::ChangeSince& since) const;
    void answered(const services::ReleaseInfo& before,
                  const absl::StatusOr<services::ReleaseInfo>& info);

    ConnectionHub& m_hub;
    services::ReleaseInfo m_after;  ///< as the verb left it
    std::optional<domain::ReleaseVerb> m_reverse;
    domain::ReleaseVerb m_verb = domain::ReleaseVerb::Pause;
    bool m_tells = false;
    std::map<std::string, services::CallHandle> m_calls;  ///< by release
};

}  // namespace ifrit::gui::presenters
