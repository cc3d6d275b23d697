// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

namespace ifrit::gui::models {

/// The states of a view that has nothing, or nothing to be trusted, to show (nine states);
/// Ready is the view itself.
enum class ViewState {
    NeverLoaded,
    Empty,
    EmptyByFilter,
    NoPermission,
    Stale,
    Offline,
    VersionSkew,
    Error,
    Partial,
    Ready
};

/// What the button of a notice does.
enum class NoticeAction {
    OfThePage,    ///< the page knows: its first step, try again, clear the filter
    Connections,  ///< to where one connects and signs in
    Disconnect    ///< ends the waiting for a master
};

struct ViewNotice {
    ViewState state = ViewState::NeverLoaded;
    QString sentence;
    QString detail;     ///< code, request id...: can be copied
    QString action;     ///< text of the button; empty: none
    int progress = -1;  ///< percent while NeverLoaded; -1: unknown
    NoticeAction does = NoticeAction::OfThePage;
    /// The sentence as of now, where it counts seconds; empty: it stands.
    std::function<QString()> counted;
};

/// True where the state leaves the view's content on screen.
bool keepsContent(ViewState state);
/// True where the content on screen is old: drawn pale, no figure of it shown as healthy.
bool isOld(ViewState state);

}  // namespace ifrit::gui::models
