// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/draft_keeper.h"

#include <utility>

namespace ifrit::gui::presenters {

using services::ReleaseInfo;

DraftKeeper::DraftKeeper(ConnectionHub& hub, QObject* parent) : QObject(parent), m_hub(hub) {
    connect(&hub, &ConnectionHub::sessionClosing, this, &DraftKeeper::sessionCloses);
    connect(&hub, &ConnectionHub::linkChanged, this, &DraftKeeper::endTheLeft);
}

void DraftKeeper::sessionCloses() {
    const bundle::Bundle& bundle = m_hub.profile().bundle;
    for (const Call& call : m_calls) {
        if (call.ending) m_left.push_back({bundle, *call.ending});
    }
    m_calls.clear();
    if (!m_draft) return;
    const ReleaseInfo draft = *std::exchange(m_draft, std::nullopt);
    m_left.push_back({bundle, draft});
    const QString sentence =
        tr("The release wizard was left with %1. Its draft %2 stays there, and is ended once this "
           "window is connected to %1 again.")
            .arg(models::toText(bundle.cluster), QString::number(draft.release.number));
    // After those who tell that the session goes: this is what is to be read of it.
    QMetaObject::invokeMethod(
        this, [this, sentence] { Q_EMIT leftBehind(sentence); }, Qt::QueuedConnection);
}

void DraftKeeper::endTheLeft() {
    if (!m_hub.isConnected() || m_left.empty()) return;
    const bundle::Bundle& bundle = m_hub.profile().bundle;
    std::vector<Left> others;
    std::vector<Left> here;
    for (Left& left : m_left) {
        const bool isHere =
            left.bundle.cluster == bundle.cluster && left.bundle.caPem == bundle.caPem;
        (isHere ? here : others).push_back(std::move(left));
    }
    m_left = std::move(others);
    for (const Left& left : here)
        end(left.draft);
}

void DraftKeeper::make(const domain::ReleaseSpec& spec, const std::string& reason,
                       services::Reply<ReleaseInfo> made) {
    drop();
    services::Mutation mutation;
    mutation.reason = reason;
    const auto call = m_calls.emplace(m_calls.end());
    call->handle = m_hub.session()->releases().create(
        spec, mutation,
        [this, call, made = std::move(made)](const absl::StatusOr<ReleaseInfo>& draft) {
            answered(call, draft, made);
        });
}

void DraftKeeper::answered(Calls::iterator call, const absl::StatusOr<ReleaseInfo>& draft,
                           const services::Reply<ReleaseInfo>& made) {
    const bool wanted = call->wanted;
    // The handle goes with its call, and with it the function that this was called from.
    const auto tell = made;
    m_calls.erase(call);
    if (!wanted) {
        if (draft.ok()) end(*draft);
        return;
    }
    if (draft.ok()) m_draft = *draft;
    tell(draft);
}

void DraftKeeper::drop() {
    for (Call& call : m_calls)
        call.wanted = false;
    if (!m_draft) return;
    const ReleaseInfo draft = *m_draft;
    m_draft.reset();
    end(draft);
}

void DraftKeeper::end(const ReleaseInfo& draft) {
    if (!m_hub.session()) return;
    services::ReleaseAct request;
    request.releaseId = draft.release.id;
    request.verb = domain::ReleaseVerb::Abort;
    // In English, as all that audits say by themselves: the next reader's window may speak another
    // language. OwnWords says it in the reader's.
    request.mutation.reason = "A draft of the release wizard that was not started.";
    // A draft has no machines yet. Should somebody have started it, the count refuses the end.
    request.mutation.expectedCount = 0;
    const std::uint64_t number = draft.release.number;
    const auto call = m_calls.emplace(m_calls.end());
    call->ending = draft;
    call->handle = m_hub.session()->releases().act(
        request, [this, call, number](const absl::StatusOr<ReleaseInfo>& release) {
            ended(call, number, release.status());
        });
}

void DraftKeeper::ended(Calls::iterator call, std::uint64_t number, const absl::Status& status) {
    m_calls.erase(call);
    if (status.ok()) return;
    Q_EMIT leftBehind(tr("Draft %1 could not be ended and stays on the master: %2")
                          .arg(QString::number(number), failureOf(status)));
}

}  // namespace ifrit::gui::presenters
