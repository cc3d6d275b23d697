// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/key_map.h"

#include <QCoreApplication>

#include <algorithm>

namespace ifrit::gui::app {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::app::KeyMap)
};

struct Standard {
    const char* id;
    const char* keys;
    const char* words;
};

// None of them starts a class 3 action, and none may: what is wide is asked for by hand.
constexpr Standard kStandard[] = {
    {"go-to", "Ctrl+K", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Go to anything")},
    {"filter", "/", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Filter")},
    {"view-1", "Ctrl+1", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Connections")},
    {"view-2", "Ctrl+2", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Cluster map")},
    {"view-3", "Ctrl+3", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Machines")},
    {"view-4", "Ctrl+4", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Packages")},
    {"view-5", "Ctrl+5", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Releases")},
    {"view-6", "Ctrl+6", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Campaigns")},
    {"view-7", "Ctrl+7", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Audit")},
    {"view-8", "Ctrl+8", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Permissions")},
    {"back", "Alt+Left", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Back")},
    {"forward", "Alt+Right", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Forward")},
    {"new-release", "Ctrl+N", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "New release")},
    {"refresh", "F5", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Refresh")},
    {"resort", "R", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Sort again")},
    {"export", "Ctrl+E",
     QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Export the table or the picture")},
    {"table-form", "F8",
     QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "What is painted, as a table")},
    {"copy-command", "Ctrl+Shift+C",
     QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Copy as ifritctl command")},
    {"failing", "F",
     QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap",
                       "Machines that failed or reverted only, on the map")},
    {"hash-ring", "H", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Hash ring, on the map")},
    {"versions", "V",
     QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Versions over time, on the map")},
    {"operations", "Ctrl+Shift+O",
     QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Show or hide operations")},
    {"events", "Ctrl+Shift+E", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Show or hide events")},
    {"settings", "Ctrl+,", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Settings")},
    {"menu", "F10",
     QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "Theme, time zone, language, layout")},
    {"keys", "?", QT_TRANSLATE_NOOP("ifrit::gui::app::KeyMap", "This table")}};

const Standard* standardOf(const QString& id) {
    const auto* found = std::find_if(std::begin(kStandard), std::end(kStandard),
                                     [&](const auto& one) { return QLatin1String(one.id) == id; });
    return found == std::end(kStandard) ? nullptr : found;
}

/// Keys that widgets and the platform take for themselves.
QList<KeyMap::Entry> fixedEntries() {
    const auto fixed = [](const QString& shown, const QString& words) {
        KeyMap::Entry entry;
        entry.words = words;
        entry.fixed = true;
        entry.shown = shown;
        return entry;
    };
    return {fixed(QStringLiteral("Enter"), Words::tr("Open")),
            fixed(Words::tr("Space", "the key"), Words::tr("Details")),
            fixed(QStringLiteral("Ctrl+C"), Words::tr("Copy the chosen rows")),
            fixed(QStringLiteral("Ctrl+Z"), Words::tr("Undo, while a note offers it")),
            fixed(QStringLiteral("Esc"), Words::tr("Leave filter, selection, page"))};
}

/// Bound to a command they would no longer do what every widget uses them for.
bool isTaken(const QKeySequence& keys) {
    static const QList<QKeySequence> kTaken = {Qt::Key_Escape,
                                               Qt::Key_Return,
                                               Qt::Key_Enter,
                                               Qt::Key_Space,
                                               Qt::Key_Tab,
                                               Qt::Key_Up,
                                               Qt::Key_Down,
                                               Qt::Key_Left,
                                               Qt::Key_Right,
                                               Qt::Key_Home,
                                               Qt::Key_End,
                                               Qt::Key_PageUp,
                                               Qt::Key_Delete,
                                               Qt::Key_F1,
                                               Qt::Key_PageDown,
                                               Qt::Key_Backspace,
                                               QKeySequence(Qt::CTRL | Qt::Key_C),
                                               QKeySequence(Qt::CTRL | Qt::Key_V),
                                               QKeySequence(Qt::CTRL | Qt::Key_X),
                                               QKeySequence(Qt::CTRL | Qt::Key_A),
                                               QKeySequence(Qt::CTRL | Qt::Key_Z),
                                               QKeySequence(Qt::SHIFT | Qt::Key_Tab)};
    return kTaken.contains(keys);
}

QString settingOf(const QString& id) {
    return QStringLiteral("keys/") + id;
}

}  // namespace

KeyMap::KeyMap(QSettings& settings, QObject* parent) : QObject(parent), m_settings(settings) {
    for (const Standard& standard : kStandard) {
        const QString id = QLatin1String(standard.id);
        if (!settings.contains(settingOf(id))) continue;
        const QKeySequence keys(settings.value(settingOf(id)).toString(),
                                QKeySequence::PortableText);
        // A file written by hand, or by a newer program: what cannot be is left as it was.
        if (!isTaken(keys) && ownerOf(keys, id).isEmpty()) m_own[id] = keys;
    }
}

QList<KeyMap::Entry> KeyMap::entries() const {
    QList<Entry> out;
    for (const Standard& standard : kStandard) {
        Entry entry;
        entry.id = QLatin1String(standard.id);
        entry.words = Words::tr(standard.words);
        entry.keys = keys(entry.id);
        entry.own = m_own.contains(entry.id);
        entry.shown = entry.keys.toString(QKeySequence::NativeText);
        out << entry;
    }
    return out << fixedEntries();
}

QKeySequence KeyMap::keys(const QString& id) const {
    if (const auto own = m_own.find(id); own != m_own.end()) return *own;
    const Standard* standard = standardOf(id);
    return standard == nullptr
               ? QKeySequence()
               : QKeySequence(QLatin1String(standard->keys), QKeySequence::PortableText);
}

QString KeyMap::text(const QString& id) const {
    return keys(id).toString(QKeySequence::NativeText);
}

QString KeyMap::ownerOf(const QKeySequence& wanted, const QString& except) const {
    if (wanted.isEmpty()) return {};
    for (const Standard& standard : kStandard) {
        const QString id = QLatin1String(standard.id);
        if (id != except && keys(id) == wanted) return Words::tr(standard.words);
    }
    return {};
}

QString KeyMap::bind(const QString& id, const QKeySequence& wanted) {
    const Standard* standard = standardOf(id);
    if (standard == nullptr) return tr("There is no such command.");
    if (isTaken(wanted))
        return tr("%1 is what every field and table uses.")
            .arg(wanted.toString(QKeySequence::NativeText));
    if (const QString owner = ownerOf(wanted, id); !owner.isEmpty())
        return tr("%1 is already the key of: %2")
            .arg(wanted.toString(QKeySequence::NativeText), owner);
    if (wanted == QKeySequence(QLatin1String(standard->keys), QKeySequence::PortableText)) {
        m_own.remove(id);
        m_settings.remove(settingOf(id));
    } else {
        m_own[id] = wanted;
        m_settings.setValue(settingOf(id), wanted.toString(QKeySequence::PortableText));
    }
    m_settings.sync();
    Q_EMIT changed();
    return {};
}

void KeyMap::reset() {
    m_own.clear();
    m_settings.remove(QStringLiteral("keys"));
    m_settings.sync();
    Q_EMIT changed();
}

}  // namespace ifrit::gui::app
