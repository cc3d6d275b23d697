// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QDialog;

namespace ifrit::gui::widgets {

/// The dialogs that are open, whoever opened them. What one of them was asked about, or what was
/// typed into it, is of one cluster: it must not end in a call to another. GUI thread.
class OpenDialogs {
public:
    /// This one says nothing to a cluster, or shows what can be seen only once: rejectAll() leaves
    /// it open.
    static void keep(QDialog& dialog);
    /// Rejects every other one, also one that was accepted and whose exec() has not returned yet:
    /// the code behind that exec() sees a refusal. How many a person could see.
    static int rejectAll();
};

}  // namespace ifrit::gui::widgets
