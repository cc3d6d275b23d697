// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gui/models/view_notice.h"
#include "gui/presenters/filter_count.h"
#include "gui/presenters/repeated_call.h"
#include "gui/presenters/row_source.h"
#include "gui/presenters/view_judge.h"

namespace ifrit::gui::presenters {

/// What users have of one kind, tokens or certificates: read whole, shown of one of them. Whoever
/// lacks `permission` is told their own alone, which is what they then ask for. T has a `user`.
/// GUI thread.
template <typename T, typename Model>
class OwnedRecords {
public:
    /// "": one's own; "*": everybody's.
    using Ask = std::function<services::CallHandle(const std::string& whose,
                                                   services::Reply<std::vector<T>>)>;

    /// `told` after each change of what is shown.
    OwnedRecords(ConnectionHub& hub, std::string permission, Ask ask, std::function<void()> told)
        : m_hub(hub),
          m_permission(std::move(permission)),
          m_ask(std::move(ask)),
          m_told(std::move(told)),
          m_model(hub.times()),
          m_call([this](absl::StatusOr<std::vector<T>> all) { take(std::move(all)); }) {}

    Model& model() { return m_model; }
    const Model& model() const { return m_model; }

    /// Whose may be asked for depends on who we are: nothing before that is known.
    void read() {
        if (!m_hub.session() || !m_hub.identity()) return;
        const std::string whose = readsAll() ? "*" : "";
        if (whose != m_whose) m_call.cancel();
        m_whose = whose;
        m_call.ask([this, whose](services::Reply<std::vector<T>> reply) {
            return m_ask(whose, std::move(reply));
        });
    }
    void clear() {
        m_call.cancel();
        m_all.clear();
        m_error = absl::OkStatus();
        m_loaded = false;
        m_user.clear();
        show();
    }
    /// Empty: of nobody.
    void showOf(const std::string& user) {
        const bool isAnother = user != m_user;
        m_user = user;
        show();
        if (isAnother) m_told();
    }
    const std::string& user() const { return m_user; }
    bool failed() const { return !m_error.ok(); }
    bool isOwn() const { return m_hub.identity() && m_hub.identity()->user == m_user; }

    void filter(const QString& text) {
        m_filter = text;
        m_model.setFilter(text);
        m_told();
    }
    /// How many the filter shows; empty: there is no filter.
    QString count() const {
        if (m_filter.isEmpty()) return {};
        return countText(m_model.rowCount(), static_cast<qint64>(m_model.all().size()), false);
    }
    /// Whatever the filter leaves of them.
    std::unique_ptr<RowSource> rows() const {
        return std::make_unique<HeldRows<T, Model>>(m_hub.times(), m_model.all());
    }

    /// They are another's, and told to super admins alone.
    bool isHidden() const { return !m_user.empty() && m_hub.identity() && !isOwn() && !readsAll(); }
    /// Which state the list is in; what is said of none at all is `empty`.
    models::ViewNotice notice(const QString& empty) const {
        ViewFacts facts;
        facts.loaded = m_loaded;
        facts.error = m_error;
        facts.total = static_cast<qint64>(m_model.all().size());
        facts.shown = m_model.rowCount();
        facts.empty = empty;
        return judgeView(m_hub, facts);
    }

private:
    bool readsAll() const { return m_hub.identity()->may(m_permission); }
    void take(absl::StatusOr<std::vector<T>> all) {
        m_error = all.status();
        if (all.ok()) {
            m_loaded = true;
            m_all = *std::move(all);
        }
        show();
        m_told();
    }
    void show() {
        std::vector<T> shown;
        std::copy_if(m_all.begin(), m_all.end(), std::back_inserter(shown),
                     [this](const T& record) { return record.user == m_user; });
        m_model.setRecords(std::move(shown));
    }

    ConnectionHub& m_hub;
    std::string m_permission;
    Ask m_ask;
    std::function<void()> m_told;
    Model m_model;
    RepeatedCall<std::vector<T>> m_call;
    std::string m_whose;  ///< whom m_call asks about
    std::vector<T> m_all;
    absl::Status m_error;
    bool m_loaded = false;
    std::string m_user;
    QString m_filter;
};

/// What stands over such a list: why it is not there, or not all of it. Empty where the rows, or
/// the room of none, say it, and where the line over the whole page does.
inline QString noteOf(const models::ViewNotice& notice) {
    using models::ViewState;
    switch (notice.state) {
        case ViewState::Ready:
        case ViewState::Empty:
        case ViewState::EmptyByFilter:
        case ViewState::Stale:
        case ViewState::Offline:
            return {};
        default:
            return notice.detail.isEmpty() ? notice.sentence
                                           : notice.sentence + QLatin1Char('\n') + notice.detail;
    }
}

}  // namespace ifrit::gui::presenters
