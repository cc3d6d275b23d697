// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/status.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "gui/services/call.h"

namespace ifrit::gui::presenters {

/// A list that comes by pages: the first at reload(), each further one at more(), so that nothing
/// is cut off silently. One call runs at a time, and one that runs is waited for: events that come
/// faster than the master answers must not keep the list from ever being filled. GUI thread.
template <typename T>
class PagedList {
public:
    using Fetch = std::function<services::CallHandle(const services::PageRequest&,
                                                     services::Reply<services::Page<T>>)>;

    /// `changed` after each answer.
    explicit PagedList(std::function<void()> changed) : m_changed(std::move(changed)) {}

    /// Reads anew what the list is of. Keeps what is shown until as much of it is there again.
    /// While something is on its way it is done once after that, however often it was asked for.
    void reload(Fetch fetch) {
        m_fetch = std::move(fetch);
        if (m_loading) {
            m_again = true;
        } else {
            begin(m_items.size());
        }
    }
    /// Reads a list of something else, as by another filter: what is on its way is dropped. Keeps
    /// what is shown until the first page is there.
    void restart(Fetch fetch) {
        cancel();
        m_fetch = std::move(fetch);
        begin(0);
    }
    /// The next page; after a reload that is on its way.
    void more() {
        if (m_nextToken.empty() || !m_fetch) return;
        if (m_loading) {
            m_more = m_reading == Reading::Anew;
        } else {
            readOn();
        }
    }
    /// Reads on to the end by itself, now and after each reload, in large pages: who filters asks
    /// about the whole list. A page that fails ends it until the next reload.
    void readWhole(bool whole) {
        m_whole = whole;
        if (whole && !m_loading && hasMore() && m_fetch) readOn();
    }
    /// How long to gather events before a reload for their sake: `eachMs` for every page of what is
    /// there. So the rows that are read in a second have a bound, however long the list has become.
    int pauseMs(int eachMs) const {
        const std::size_t pages = std::max<std::size_t>(1, (m_items.size() + kPage - 1) / kPage);
        return static_cast<int>(std::min(pages * static_cast<std::size_t>(eachMs), kMaxPauseMs));
    }
    void clear() {
        cancel();
        m_items.clear();
        m_nextToken.clear();
        m_error = absl::OkStatus();
        m_loaded = false;
    }
    /// Lets go of the call that runs, keeps what is there.
    void cancel() {
        m_call.cancel();
        m_fresh.clear();
        m_loading = false;
        m_again = false;
        m_more = false;
    }

    const std::vector<T>& items() const { return m_items; }
    bool hasMore() const { return !m_nextToken.empty(); }
    bool loaded() const { return m_loaded; }
    bool loading() const { return m_loading; }
    const absl::Status& error() const { return m_error; }

private:
    static constexpr std::size_t kPage = 500;
    static constexpr std::size_t kMaxPage = 5'000;
    static constexpr std::size_t kMaxPauseMs = 60'000;

    enum class Reading { Anew, On };

    /// `atLeast`: items that a refresh must not fall short of, as the list was read so far.
    void begin(std::size_t atLeast) {
        m_reading = Reading::Anew;
        m_atLeast = atLeast;
        m_again = false;
        m_fresh.clear();
        ask({});
    }
    void readOn() {
        m_reading = Reading::On;
        m_more = false;
        ask(m_nextToken);
    }
    void ask(const std::string& token) {
        services::PageRequest request{token, 0};
        if (m_whole || (m_reading == Reading::Anew && m_atLeast > kPage))
            request.size = static_cast<std::uint32_t>(kMaxPage);
        m_loading = true;
        m_call = m_fetch(request, [this](absl::StatusOr<services::Page<T>> page) {
            m_loading = false;
            take(std::move(page));
        });
    }
    void take(absl::StatusOr<services::Page<T>> page) {
        m_error = page.status();
        if (page.ok()) {
            std::vector<T>& into = m_reading == Reading::Anew ? m_fresh : m_items;
            std::move(page->items.begin(), page->items.end(), std::back_inserter(into));
            if (m_reading == Reading::Anew) {
                if (m_fresh.size() < m_atLeast && !page->nextToken.empty()) {
                    ask(page->nextToken);
                    return;
                }
                m_items.swap(m_fresh);
            }
            m_loaded = true;
            m_nextToken = page->nextToken;
        }
        m_fresh.clear();
        goOn(page.ok());
        m_changed();
    }
    /// What was asked for meanwhile. First the further page, which the reload then reads too.
    void goOn(bool well) {
        if ((m_more || (m_whole && well)) && !m_nextToken.empty()) {
            readOn();
        } else if (m_again) {
            begin(m_items.size());
        }
        m_more = false;
    }

    std::function<void()> m_changed;
    Fetch m_fetch;
    services::CallHandle m_call;
    std::vector<T> m_items;
    std::vector<T> m_fresh;  ///< of a reload, until there are as many as were shown
    std::size_t m_atLeast = 0;
    std::string m_nextToken;
    absl::Status m_error;
    Reading m_reading = Reading::Anew;
    bool m_loaded = false;
    bool m_loading = false;
    bool m_again = false;  ///< reload once what is on its way is there
    bool m_more = false;   ///< read on once the reload is there
    bool m_whole = false;  ///< read on to the end
};

}  // namespace ifrit::gui::presenters
