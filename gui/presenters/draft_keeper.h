// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <functional>
#include <list>
#include <optional>
#include <vector>

#include "gui/presenters/connection_hub.h"

namespace ifrit::gui::presenters {

/// The draft that a dialog makes on the master. A draft can be started by anybody, so the one that
/// is not wanted any more is ended there: also where its making is answered only later. Where the
/// session goes first, the draft is ended once the window is connected to that cluster again. GUI
/// thread.
class DraftKeeper : public QObject {
    Q_OBJECT
public:
    explicit DraftKeeper(ConnectionHub& hub, QObject* parent = nullptr);

    /// Drops the draft that there is and makes another; `made` is called once, and not at all where
    /// drop() comes before the answer.
    void make(const domain::ReleaseSpec& spec, const std::string& reason,
              services::Reply<services::ReleaseInfo> made);
    const std::optional<services::ReleaseInfo>& draft() const { return m_draft; }
    /// It was not wanted: ends it on the master. Nothing where there is none.
    void drop();
    /// It was saved, or is being started: not ours any more.
    void release() { m_draft.reset(); }
    /// It was not started: ours again.
    void takeBack(const services::ReleaseInfo& draft) { m_draft = draft; }

Q_SIGNALS:
    /// A draft that could not be ended, or not yet, stays on the master; the sentence says which
    /// and why.
    void leftBehind(const QString& sentence);

private:
    struct Call {
        bool wanted = true;
        services::CallHandle handle;
        std::optional<services::ReleaseInfo> ending = {};
    };
    using Calls = std::list<Call>;
    void answered(Calls::iterator call, const absl::StatusOr<services::ReleaseInfo>& draft,
                  const services::Reply<services::ReleaseInfo>& made);
    void end(const services::ReleaseInfo& draft);
    void sessionCloses();
    void endTheLeft();
    void ended(Calls::iterator call, std::uint64_t number, const absl::Status& status);

    ConnectionHub& m_hub;
    std::optional<services::ReleaseInfo> m_draft;
    /// Of a session that went before its draft was ended.
    struct Left {
        bundle::Bundle bundle;  ///< the cluster, and its CA
        services::ReleaseInfo draft;
    };
    std::vector<Left> m_left;
    Calls m_calls;  ///< under way: a call that is let go of would not say what to end
};

}  // namespace ifrit::gui::presenters
