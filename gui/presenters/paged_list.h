// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/status.h>

#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "gui/services/call.h"

namespace ifrit::gui::presenters {

/// A list that comes by pages: the first at reload(), each further one at more(), so that nothing
/// is cut off silently. A reload drops whatever an older one still brings. GUI thread.
template <typename T>
class PagedList {
public:
    using Fetch = std::function<services::CallHandle(const services::PageRequest&,
                                                     services::Reply<services::Page<T>>)>;

    /// `changed` after each answer.
    explicit PagedList(std::function<void()> changed) : m_changed(std::move(changed)) {}

    /// Keeps what is shown until the new first page is there; asks for as much as was shown.
    void reload(Fetch fetch) {
        m_fetch = std::move(fetch);
        m_loading = true;
        services::PageRequest request;
        // A refresh must not shorten a list that was read further.
        if (m_items.size() > kPage) request.size = static_cast<std::uint32_t>(kMaxPage);
        m_call = m_fetch(request, [this](absl::StatusOr<services::Page<T>> page) {
            take(std::move(page), true);
        });
    }
    void more() {
        if (m_nextToken.empty() || m_loading || !m_fetch) return;
        m_loading = true;
        m_call = m_fetch({m_nextToken, 0}, [this](absl::StatusOr<services::Page<T>> page) {
            take(std::move(page), false);
        });
    }
    void clear() {
        m_call.cancel();
        m_items.clear();
        m_nextToken.clear();
        m_error = absl::OkStatus();
        m_loaded = false;
        m_loading = false;
    }
    /// Lets go of the call that runs, keeps what is there.
    void cancel() {
        m_call.cancel();
        m_loading = false;
    }

    const std::vector<T>& items() const { return m_items; }
    bool hasMore() const { return !m_nextToken.empty(); }
    bool loaded() const { return m_loaded; }
    bool loading() const { return m_loading; }
    const absl::Status& error() const { return m_error; }

private:
    static constexpr std::size_t kPage = 500;
    static constexpr std::size_t kMaxPage = 5'000;

    void take(absl::StatusOr<services::Page<T>> page, bool first) {
        m_loading = false;
        if (!page.ok()) {
            m_error = page.status();
            m_changed();
            return;
        }
        m_error = absl::OkStatus();
        m_loaded = true;
        if (first) m_items.clear();
        std::move(page->items.begin(), page->items.end(), std::back_inserter(m_items));
        m_nextToken = page->nextToken;
        m_changed();
    }

    std::function<void()> m_changed;
    Fetch m_fetch;
    services::CallHandle m_call;
    std::vector<T> m_items;
    std::string m_nextToken;
    absl::Status m_error;
    bool m_loaded = false;
    bool m_loading = false;
};

}  // namespace ifrit::gui::presenters
