// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QButtonGroup;
class QRadioButton;
class QVBoxLayout;

namespace ifrit::gui::pages {

enum class ExportScope { Selected, Shown, All };
enum class ExportTarget { CsvFile, JsonLinesFile, Clipboard };

/// Which rows, and whereto.
class ExportDialog : public QDialog {
    Q_OBJECT
public:
    struct Rows {
        qint64 selected = 0;
        qint64 shown = 0;
        bool more = false;      ///< the list goes on behind those that are loaded
        bool filtered = false;  ///< "all" is another choice than what is shown
    };
    ExportDialog(const QString& name, const Rows& rows, QWidget* parent);
    ExportScope scope() const;
    ExportTarget target() const;

private:
    void addChoice(QVBoxLayout* layout, QButtonGroup* group, int id, const QString& text);
    void addScopes(QVBoxLayout* layout, const Rows& rows);
    void addTargets(QVBoxLayout* layout);
    void addButtons(QVBoxLayout* layout);
    QButtonGroup* m_scopes;
    QButtonGroup* m_targets;
};

}  // namespace ifrit::gui::pages
