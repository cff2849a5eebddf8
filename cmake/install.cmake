# cmake --install puts the program, the library, its headers and a package for find_package(wavenet).
include(CMakePackageConfigHelpers)

install(TARGETS wavenet EXPORT wavenet-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(WAVENET_PROGRAM)
  install(TARGETS wavenet_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  set(manuals ${PROJECT_BINARY_DIR}/manuals)
  install(DIRECTORY ${manuals}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
  install(FILES ${manuals}/bash/wavenet
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${manuals}/zsh/_wavenet DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
  install(FILES ${manuals}/fish/wavenet.fish
          DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()
include(cmake/public_headers.cmake)
public_headers(headers)
foreach(header IN LISTS headers)
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${folder})
endforeach()
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/wavenet)
install(EXPORT wavenet-targets NAMESPACE wavenet:: DESTINATION ${package_dir})
configure_package_config_file(cmake/wavenet-config.cmake.in wavenet-config.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(wavenet-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/wavenet-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/wavenet-config-version.cmake DESTINATION ${package_dir})
